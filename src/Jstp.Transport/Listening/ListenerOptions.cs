using Jstp.Transport.WebSockets;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.Listening;

/// <summary>The settings of a <see cref="KestrelListener"/>.</summary>
public sealed class ListenerOptions
{
    /// <summary>The certificate to serve TLS with; <see langword="null"/>, the default, serves without.</summary>
    public TlsCertificateOptions? Tls { get; init; }

    /// <summary>Where to log; <see langword="null"/>, the default, is nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock; <see langword="null"/>, the default, is the system's.</summary>
    public TimeProvider? TimeProvider { get; init; }
}
