using Jstp.Transport.Listening;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.WebSockets;

/// <summary>The settings of a <see cref="WssServer"/>.</summary>
public sealed class WssServerOptions
{
    /// <summary>Settings of the WebSocket layer.</summary>
    public WebSocketServerOptions WebSocket { get; set; } = new();

    /// <summary>The certificate to serve <c>wss</c> with; <see langword="null"/>, the default, serves <c>ws</c>.</summary>
    public TlsCertificateOptions? Tls { get; set; }

    /// <summary>
    /// Connections that may be in their HTTP handshake or in a plain HTTP request, TLS handshakes included; more are ended at once. Connections that were
    /// upgraded do not count. The default is 10,000; <see langword="null"/> is no limit. No effect on a host that exists.
    /// </summary>
    public long? MaxHandshakes { get; set; } = 10_000;

    /// <summary>
    /// How long a client may take to send the head of its request, were it byte by byte; then it gets 408. Kestrel looks once a second. The default is
    /// 10 s. No effect on a host that exists.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that the headers of a request may have; more get 431. The default is 32 KiB. No effect on a host that exists.</summary>
    public int MaxRequestHeadersSize { get; set; } = 32 * 1024;

    /// <summary>The only path that is served, others get 400; <see langword="null"/>, the default, serves all.</summary>
    public string? Path { get; set; }

    /// <summary>Decides about a client; one that is turned away gets 401. <see langword="null"/>, the default, lets all in.</summary>
    public Func<WebSocketRequest, ValueTask<bool>>? VerifyClient { get; set; }

    /// <summary>Whether a Unix socket that nobody listens on any more is replaced, instead of being an address in use. The default is <see langword="false"/>.</summary>
    public bool ReplaceStaleSocket { get; set; }

    /// <summary>Who may connect to a Unix socket; <see langword="null"/>, the default, leaves it to the process's mask. No effect on Windows.</summary>
    public UnixFileMode? UnixFileMode { get; set; }

    /// <summary>Where to log; <see langword="null"/>, the default, is nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock; <see langword="null"/>, the default, is the system's.</summary>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Throws when a setting makes no sense.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHandshakes ?? 1, 1, nameof(MaxHandshakes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HandshakeTimeout, TimeSpan.Zero, nameof(HandshakeTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestHeadersSize, 1, nameof(MaxRequestHeadersSize));
        Tls?.ThrowIfInvalid();
    }
}
