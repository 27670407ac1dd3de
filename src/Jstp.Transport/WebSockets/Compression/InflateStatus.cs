namespace Jstp.Transport.WebSockets.Compression;

/// <summary>What came of inflating a message.</summary>
internal enum InflateStatus : byte
{
    /// <summary>The whole message was inflated.</summary>
    Complete,

    /// <summary>There is more than allowed.</summary>
    TooLarge,

    /// <summary>The bytes are not what a compressor writes.</summary>
    Invalid,
}
