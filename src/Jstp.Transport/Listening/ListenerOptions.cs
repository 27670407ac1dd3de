using Microsoft.Extensions.Logging;

namespace Jstp.Transport.Listening;

/// <summary>The settings of a <see cref="KestrelListener"/>.</summary>
public sealed class ListenerOptions
{
    /// <summary>The certificate to serve TLS with; <see langword="null"/>, the default, serves without.</summary>
    public TlsCertificateOptions? Tls { get; init; }

    /// <summary>How many connections may be without an answered request at a time, 1 or more; those beyond are closed. <see langword="null"/>, the default, is no limit.</summary>
    public long? MaxHandshakes { get; init; }

    /// <summary>How long a client may take to send the head of its request; <see langword="null"/>, the default, is Kestrel's 30 s.</summary>
    public TimeSpan? HandshakeTimeout { get; init; }

    /// <summary>Bytes that the headers of a request may have; more get 431. <see langword="null"/>, the default, is Kestrel's 32 KiB.</summary>
    public int? MaxRequestHeadersSize { get; init; }

    /// <summary>Where to log; <see langword="null"/>, the default, is nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock; <see langword="null"/>, the default, is the system's.</summary>
    public TimeProvider? TimeProvider { get; init; }
}
