namespace Jstp.Transport.Streams;

/// <summary>What a <see cref="JstpStreamReader"/> found.</summary>
public enum JstpStreamStatus : byte
{
    /// <summary>No whole text until further bytes arrive.</summary>
    None,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A text grew beyond the limit; nothing more is found.</summary>
    TooLarge,

    /// <summary>A text is no UTF-8; nothing more is found.</summary>
    InvalidUtf8,
}
