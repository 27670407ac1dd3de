namespace Jstp.Transport.WebSockets;

/// <summary>
/// The rules of one <see cref="WebSocketProtocol"/>. Immutable, so that all connections of a server share one. The defaults are a server's
/// (specification page, section 1); <see cref="Client"/> has a client's.
/// </summary>
public sealed class WebSocketProtocolOptions
{
    /// <summary>A server's defaults.</summary>
    public static WebSocketProtocolOptions Server { get; } = new();

    /// <summary>A client's defaults: wider limits, since the peer was chosen.</summary>
    public static WebSocketProtocolOptions Client { get; } = new()
    {
        MaxReceivedFrameSize = 1024 * 1024,
        MaxReceivedMessageSize = 8 * 1024 * 1024,
        MaxFragmentsPerMessage = null,
    };

    /// <summary>Bytes of payload that one frame may declare; more ends with 1009 before any is buffered. The default is 64 KiB.</summary>
    public long MaxReceivedFrameSize { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes that one message may have, inflated where it is compressed; tested at every data frame's header, exceeding it ends with 1009.
    /// The default is 1 MiB. <see langword="null"/> leaves it to the frame limit, and a message to the longest array there is.
    /// </summary>
    public long? MaxReceivedMessageSize { get; init; } = 1024 * 1024;

    /// <summary>Data frames, empty ones included, that one message may have; more end with 1008. The default is 16,384; <see langword="null"/> is no limit.</summary>
    public int? MaxFragmentsPerMessage { get; init; } = 16_384;

    /// <summary>Whether outgoing messages longer than <see cref="FragmentationThreshold"/> are cut. The default is <see langword="true"/>.</summary>
    public bool FragmentOutgoingMessages { get; init; } = true;

    /// <summary>Bytes of payload per outgoing frame at most, at least 1. The default is 16 KiB.</summary>
    public int FragmentationThreshold { get; init; } = 16 * 1024;

    /// <summary>Whether whole messages are handed out; otherwise frames are (specification page, 5.4). The default is <see langword="true"/>.</summary>
    public bool AssembleFragments { get; init; } = true;

    /// <summary>Whether text is checked, across fragments, when frames are handed out. The default is <see langword="true"/>.</summary>
    public bool ValidateUtf8InFrameMode { get; init; } = true;

    /// <summary>Whether text messages are welcome; otherwise one ends with 1003. The default is <see langword="true"/>.</summary>
    public bool AcceptText { get; init; } = true;

    /// <summary>Whether binary messages are welcome; otherwise one ends with 1003. The default is <see langword="true"/>.</summary>
    public bool AcceptBinary { get; init; } = true;

    /// <summary>Whether pings are answered at once and unasked. When off, the owner writes the pongs. The default is <see langword="true"/>.</summary>
    public bool AutomaticPong { get; init; } = true;

    /// <summary>
    /// Pings and pongs a second that are taken at their word. Of the pings beyond, only the latest of a read is answered (RFC 6455, 5.5.3);
    /// ten times as many end with 1008. The default is 64; <see langword="null"/> is no limit.
    /// </summary>
    public int? MaxControlFramesPerSecond { get; init; } = 64;

    /// <summary>The clock of <see cref="MaxControlFramesPerSecond"/>, asked only when a control frame arrives.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
