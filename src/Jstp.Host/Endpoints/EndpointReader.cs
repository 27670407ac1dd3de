using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Jstp.Actors.Hosting;
using Jstp.Transport.Listening;

namespace Jstp.Host.Endpoints;

/// <summary>Reads <c>Jstp:Endpoints</c>, and beside it <c>urls</c>.</summary>
internal static class EndpointReader
{
    /// <summary>The name of the section below that of the server.</summary>
    public const string SectionName = "Endpoints";

    /// <summary>The keys that an endpoint has.</summary>
    public static readonly string[] Keys = [UrlKey, CertificateKey, nameof(NodeEndpoint.ReplaceStaleSocket), nameof(NodeEndpoint.UnixFileMode)];

    public const string CertificateKey = "Certificate";
    private const string UrlKey = "Url";

    private static readonly (string Name, EndpointScheme Scheme)[] Schemes =
    [
        ("ws", EndpointScheme.Ws),
        ("wss", EndpointScheme.Wss),
        ("tcp", EndpointScheme.Tcp),
        ("tls", EndpointScheme.Tls),
        ("unix", EndpointScheme.Unix),
        ("ws+unix", EndpointScheme.WsUnix),
    ];

    /// <summary>How a scheme is written in URLs.</summary>
    public static string NameOf(EndpointScheme scheme) => Schemes.First(entry => entry.Scheme == scheme).Name;

    /// <summary>The endpoints that the configuration names, those of <c>urls</c> first; none if the section is not there, which leaves <c>urls</c> to Kestrel.</summary>
    /// <exception cref="StartException">An endpoint cannot work; the message names its key.</exception>
    public static IReadOnlyList<NodeEndpoint> Read(IConfigurationSection server, string? urls)
    {
        IConfigurationSection[] sections = [.. server.GetSection(SectionName).GetChildren()];

        return sections.Length == 0
            ? []
            : [.. ReadUrls(urls), .. sections.Select(section => ReadEndpoint(section, server.GetSection(nameof(JstpServerOptions.Tls))))];
    }

    private static IEnumerable<NodeEndpoint> ReadUrls(string? urls) =>
        (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static url =>
            url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                ? ReadUrl(WebHostDefaults.ServerUrlsKey, "ws" + url["http".Length..].TrimEnd('/'))
                : throw new StartException($"{WebHostDefaults.ServerUrlsKey}: '{url}' cannot stand beside {JstpServerOptions.SectionName}:{SectionName}; make it an endpoint there."));

    private static NodeEndpoint ReadEndpoint(IConfigurationSection section, IConfigurationSection sharedCertificate)
    {
        string urlKey = $"{section.Path}:{UrlKey}";
        string url = section[UrlKey] is { Length: > 0 } text ? text : throw new StartException($"{urlKey} is missing.");
        NodeEndpoint endpoint = ReadUrl(urlKey, url);
        IConfigurationSection certificate = section.GetSection(CertificateKey);
        bool hasTls = endpoint.Scheme is EndpointScheme.Wss or EndpointScheme.Tls;

        if (!hasTls && certificate.Exists())
        {
            throw new StartException($"{certificate.Path} has no effect on '{url}': say {NameOf(endpoint.IsStream ? EndpointScheme.Tls : EndpointScheme.Wss)} to speak TLS.");
        }

        certificate = certificate.Exists() ? certificate : sharedCertificate;

        if (hasTls && !certificate.Exists())
        {
            throw new StartException($"{section.Path}:{CertificateKey} is missing, and so is {sharedCertificate.Path}: '{url}' needs a certificate.");
        }

        return endpoint with
        {
            ReplaceStaleSocket = section.GetValue(nameof(NodeEndpoint.ReplaceStaleSocket), defaultValue: true),
            UnixFileMode = ReadMode(section.GetSection(nameof(NodeEndpoint.UnixFileMode))),
            Certificate = hasTls ? certificate.Get<TlsCertificateOptions>() : null,
            CertificateKey = certificate.Path,
        };
    }

    private static NodeEndpoint ReadUrl(string key, string url)
    {
        int colon = url.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? "" : url[..colon];
        int known = Array.FindIndex(Schemes, entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

        if (known < 0)
        {
            throw new StartException($"{key}: '{url}' must begin with one of {string.Join(", ", Schemes.Select(entry => entry.Name))} and a colon.");
        }

        var endpoint = new NodeEndpoint(key, Schemes[known].Scheme);

        return endpoint.Scheme is EndpointScheme.Unix or EndpointScheme.WsUnix
            ? endpoint with { UnixPath = ReadPath(key, url, url[(colon + 1)..]) }
            : ReadPlace(endpoint, url, url[(colon + 1)..]);
    }

    private static string ReadPath(string key, string url, string rest)
    {
        string path = rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;

        return Path.IsPathFullyQualified(path) ? path : throw new StartException($"{key}: '{url}' must have an absolute path, such as unix:/run/jstp/node.sock.");
    }

    private static NodeEndpoint ReadPlace(NodeEndpoint endpoint, string url, string rest)
    {
        int portAt = rest.LastIndexOf(':') + 1;

        if (!rest.StartsWith("//", StringComparison.Ordinal)
            || portAt <= 2
            || !ushort.TryParse(rest.AsSpan(portAt), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            throw new StartException($"{endpoint.Key}: '{url}' must have the form {NameOf(endpoint.Scheme)}://address:port.");
        }

        string host = rest[2..(portAt - 1)];

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return port != 0
                ? endpoint with { Port = port }
                : throw new StartException($"{endpoint.Key}: '{url}' needs a port, or 127.0.0.1 as address: localhost is two addresses, which would get two ports.");
        }

        if (host is "*" or "+")
        {
            return endpoint with { Address = Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, Port = port };
        }

        return IPAddress.TryParse(host, out IPAddress? address)
            ? endpoint with { Address = address, Port = port }
            : throw new StartException($"{endpoint.Key}: '{host}' in '{url}' must be an IP address, localhost, or * for all addresses.");
    }

    private static UnixFileMode? ReadMode(IConfigurationSection section)
    {
        if (section.Value is not { Length: > 0 } text)
        {
            return null;
        }

        bool isOctal = text.Length is 3 or 4 && text.All(static digit => digit is >= '0' and <= '7');

        return isOctal
            ? (UnixFileMode)Convert.ToInt32(text, fromBase: 8)
            : throw new StartException($"{section.Path}: '{text}' must be three or four octal digits, such as 660.");
    }
}
