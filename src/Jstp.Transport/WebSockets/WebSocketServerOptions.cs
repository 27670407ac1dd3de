namespace Jstp.Transport.WebSockets;

/// <summary>
/// The settings of a <see cref="WebSocketServer"/> (specification page, section 1). Bindable from configuration; validated when a server is made from
/// them. New values apply to connections accepted afterwards.
/// </summary>
public sealed class WebSocketServerOptions
{
    /// <summary>Bytes of payload that one frame may declare; more ends with 1009 before any is buffered. The default is 64 KiB.</summary>
    public long MaxReceivedFrameSize { get; set; } = 64 * 1024;

    /// <summary>Bytes that one message may have, inflated where it is compressed. The default is 1 MiB; <see langword="null"/> is no limit, in frame mode only.</summary>
    public long? MaxReceivedMessageSize { get; set; } = 1024 * 1024;

    /// <summary>Data frames, empty ones included, that one message may have; more end with 1008. The default is 16,384; <see langword="null"/> is no limit.</summary>
    public int? MaxFragmentsPerMessage { get; set; } = 16_384;

    /// <summary>Whether outgoing messages longer than <see cref="FragmentationThreshold"/> are cut. The default is <see langword="true"/>.</summary>
    public bool FragmentOutgoingMessages { get; set; } = true;

    /// <summary>Bytes of payload per outgoing frame at most, at least 1. The default is 16 KiB.</summary>
    public int FragmentationThreshold { get; set; } = 16 * 1024;

    /// <summary>Whether silent peers are pinged. The default is <see langword="true"/>.</summary>
    public bool KeepAlive { get; set; } = true;

    /// <summary>Silence after which a ping goes out; any received byte counts, sending does not. The default is 20 s.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether a peer that stays silent after the ping is cut off. The default is <see langword="true"/>.</summary>
    public bool DropOnKeepAliveTimeout { get; set; } = true;

    /// <summary>Silence after the ping after which the peer is cut off, without a Close, reported as 1006. The default is 10 s.</summary>
    public TimeSpan KeepAliveGracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the system's TCP keep-alive, with the interval as idle time, stands in for pings. The default is <see langword="false"/>.</summary>
    public bool UseTcpKeepAlive { get; set; }

    /// <summary>Whether whole messages are handed out; otherwise frames are (specification page, 5.4). The default is <see langword="true"/>.</summary>
    public bool AssembleFragments { get; set; } = true;

    /// <summary>Whether text is checked, across fragments, when frames are handed out. The default is <see langword="true"/>.</summary>
    public bool ValidateUtf8InFrameMode { get; set; } = true;

    /// <summary>
    /// Whether every sound request is accepted without asking, with the first subprotocol that the client lists, echoing its origin. The default is
    /// <see langword="false"/>.
    /// </summary>
    public bool AutoAccept { get; set; }

    /// <summary>
    /// Whether the HTTP request stays open as long as its connection, as services in the request's scope or a concurrency limiter on the endpoint may
    /// need. Otherwise, where <see cref="WebHostSocketExtensions.UseJstpSockets"/> allows it, the request ends when its handler has returned, which
    /// saves some KiB for every connection. The default is <see langword="false"/>.
    /// </summary>
    public bool KeepRequest { get; set; }

    /// <summary>How long the peer's Close may take after ours, and the end of TCP after both. The default is 5 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether small packets are sent at once (TCP_NODELAY). The default is <see langword="true"/>; no effect on Unix sockets.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>Whether the extensions that a client offers are shown to the request handler. Compression is negotiated either way. The default is <see langword="true"/>.</summary>
    public bool ParseExtensions { get; set; } = true;

    /// <summary>Whether cookies are shown to the request handler. The default is <see langword="true"/>.</summary>
    public bool ParseCookies { get; set; } = true;

    /// <summary>
    /// The origins that browsers may connect from, such as <c>https://example.org</c>; others get 403. Requests without an origin, which browsers do not
    /// send, pass. <see langword="null"/>, the default, accepts all, which is warned of at the start; <c>*</c> accepts all because that is meant.
    /// </summary>
    public IList<string>? AllowedOrigins { get; set; }

    /// <summary>
    /// Decides about an origin, which is <see langword="null"/> when the header is absent; refusal is 403. The default, <see langword="null"/>, accepts
    /// all. When <see cref="AllowedOrigins"/> is set too, both must agree.
    /// </summary>
    public Func<string?, bool>? OriginCheck { get; set; }

    /// <summary>How long a request may go neither accepted nor rejected before it gets 503. The default is 10 s; infinite is allowed.</summary>
    public TimeSpan DecisionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests that may wait for a decision; more get 503. The default is 1,024; <see langword="null"/> is no limit.</summary>
    public int? MaxPendingRequests { get; set; } = 1024;

    /// <summary>Connections that may be open, all clients together; more get 503. The default is no limit.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>Connections and pending requests that one address may have; more get 503. The default is no limit. Clients of Unix sockets are not counted.</summary>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>How long a flush may wait for the peer before it is cut off, reported as 1006. The default is 30 s; infinite is allowed.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that may be queued behind a send that is under way. The default is 1 MiB; <see langword="null"/> is no limit.</summary>
    public long? MaxSendBacklog { get; set; } = 1024 * 1024;

    /// <summary>What happens to a message that exceeds <see cref="MaxSendBacklog"/>. The default is to wait.</summary>
    public SlowConsumerPolicy SlowConsumerPolicy { get; set; }

    /// <summary>
    /// Pings and pongs a second that are taken at their word; of the pings beyond only the latest of a read is answered, ten times as many end with 1008.
    /// The default is 64; <see langword="null"/> is no limit.
    /// </summary>
    public int? MaxControlFramesPerSecond { get; set; } = 64;

    /// <summary>Settings of permessage-deflate (RFC 7692); <see langword="null"/>, the default, is no compression.</summary>
    public WebSocketCompressionOptions? Compression { get; set; }

    /// <summary>Whether binary messages are welcome; otherwise one ends with 1003. The default is <see langword="true"/>.</summary>
    public bool AcceptBinary { get; set; } = true;

    /// <summary>Whether text messages are welcome; otherwise one ends with 1003. The default is <see langword="true"/>.</summary>
    public bool AcceptText { get; set; } = true;

    /// <summary>Whether handshakes of the draft version 8 are accepted. The default is <see langword="true"/>.</summary>
    public bool AllowVersion8 { get; set; } = true;

    /// <summary>How long a whole shut-down may take. The default, <see langword="null"/>, is <see cref="CloseTimeout"/>.</summary>
    public TimeSpan? DrainTimeout { get; set; }

    /// <summary>The part of the settings that the codec goes by.</summary>
    internal WebSocketProtocolOptions ToProtocolOptions(TimeProvider timeProvider) => new()
    {
        MaxReceivedFrameSize = MaxReceivedFrameSize,
        MaxReceivedMessageSize = MaxReceivedMessageSize,
        MaxFragmentsPerMessage = MaxFragmentsPerMessage,
        FragmentOutgoingMessages = FragmentOutgoingMessages,
        FragmentationThreshold = FragmentationThreshold,
        AssembleFragments = AssembleFragments,
        ValidateUtf8InFrameMode = ValidateUtf8InFrameMode,
        AcceptText = AcceptText,
        AcceptBinary = AcceptBinary,
        MaxControlFramesPerSecond = MaxControlFramesPerSecond,
        TimeProvider = timeProvider,
    };
}
