using System.Net;
using Jstp.Transport.Listening;

namespace Jstp.Host.Endpoints;

/// <summary>Where a node listens, and for what.</summary>
/// <param name="Key">The configuration key that says so, for messages.</param>
/// <param name="Scheme">What is spoken.</param>
internal sealed record NodeEndpoint(string Key, EndpointScheme Scheme)
{
    /// <summary>The address; null for <c>localhost</c>, which is two, and for Unix sockets.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The TCP port, 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The path of a Unix socket; null for others.</summary>
    public string? UnixPath { get; init; }

    /// <summary>Whether a Unix socket that a dead process left behind is replaced.</summary>
    public bool ReplaceStaleSocket { get; init; } = true;

    /// <summary>Who may connect to a Unix socket; null leaves it to the process's mask.</summary>
    public UnixFileMode? UnixFileMode { get; init; }

    /// <summary>The certificate, for schemes that need one.</summary>
    public TlsCertificateOptions? Certificate { get; init; }

    /// <summary>The configuration key of the certificate, for messages.</summary>
    public string CertificateKey { get; init; } = "";

    /// <summary>Whether texts are sent as they are, instead of in WebSocket messages.</summary>
    public bool IsStream => Scheme is EndpointScheme.Tcp or EndpointScheme.Tls or EndpointScheme.Unix;

    /// <summary>The URL that clients use.</summary>
    /// <param name="bound">Where the endpoint listens in fact.</param>
    public string ToUrl(EndPoint bound)
    {
        string place = UnixPath is { } path ? $":{path}" : Address is null ? $"://localhost:{Port}" : $"://{bound}";

        return EndpointReader.NameOf(Scheme) + place;
    }
}
