using System.Security.Cryptography;
using Jstp.Transport.Listening;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Jstp.Host.Endpoints;

/// <summary>The endpoints of a node that the configuration names, from Kestrel's configuration to what is said of them once they listen.</summary>
internal sealed class NodeEndpoints(IReadOnlyList<NodeEndpoint> endpoints)
{
    private readonly List<(NodeEndpoint Endpoint, ListenOptions Listen)> _bound = [];

    /// <summary>Whether there are any.</summary>
    public bool Any => endpoints.Count > 0;

    /// <summary>Removes sockets that dead processes left behind.</summary>
    public async Task PrepareAsync()
    {
        foreach (NodeEndpoint endpoint in endpoints.Where(static endpoint => endpoint is { UnixPath: not null, ReplaceStaleSocket: true }))
        {
            await UnixSocketFile.DeleteIfStaleAsync(endpoint.UnixPath!, CancellationToken.None);
        }
    }

    /// <summary>Has Kestrel listen on all of them.</summary>
    /// <exception cref="StartException">A certificate cannot be used; the message names its key.</exception>
    public void AddTo(KestrelServerOptions kestrel)
    {
        foreach (NodeEndpoint endpoint in endpoints)
        {
            if (endpoint.UnixPath is { } path)
            {
                kestrel.ListenUnixSocket(path, listen => Configure(listen, endpoint));
            }
            else if (endpoint.Address is { } address)
            {
                kestrel.Listen(address, endpoint.Port, listen => Configure(listen, endpoint));
            }
            else
            {
                kestrel.ListenLocalhost(endpoint.Port, listen => Configure(listen, endpoint));
            }
        }
    }

    /// <summary>Sets who may connect to Unix sockets, once they are there.</summary>
    public void SetUnixFileModes()
    {
        foreach (NodeEndpoint endpoint in endpoints)
        {
            if (endpoint is { UnixPath: { } path, UnixFileMode: { } mode } && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, mode);
            }
        }
    }

    /// <summary>Where clients reach a node that has started.</summary>
    /// <param name="kestrelUrls">The addresses as Kestrel has them: those of endpoints from code, which are ours, and then those of its own configuration.</param>
    public IEnumerable<string> GetUrls(IEnumerable<string> kestrelUrls) =>
        _bound.Select(static bound => bound.Endpoint.ToUrl(bound.Listen.EndPoint))
            .Concat(kestrelUrls.Skip(_bound.Count).Select(ListeningLine.ToWebSocketUrl));

    private void Configure(ListenOptions listen, NodeEndpoint endpoint)
    {
        listen.Protocols = HttpProtocols.Http1;

        if (endpoint.Certificate is { } certificate)
        {
            try
            {
                listen.UseTls(certificate, negotiatesHttp: !endpoint.IsStream);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
            {
                throw new StartException($"{endpoint.CertificateKey} cannot be used: {exception.Message}", exception);
            }
        }

        if (endpoint.IsStream)
        {
            listen.UseJstp();
        }

        _bound.Add((endpoint, listen));
    }
}
