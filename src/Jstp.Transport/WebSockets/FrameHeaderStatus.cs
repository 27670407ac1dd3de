namespace Jstp.Transport.WebSockets;

/// <summary>What <see cref="FrameHeader.TryParse(ReadOnlySpan{byte}, out FrameHeader)"/> found.</summary>
public enum FrameHeaderStatus : byte
{
    /// <summary>The header is whole.</summary>
    Complete,

    /// <summary>Every byte so far belongs to a header that is not whole yet.</summary>
    NeedMore,

    /// <summary>The 64-bit length has its top bit set (RFC 6455, 5.2 forbids it).</summary>
    InvalidLength,
}
