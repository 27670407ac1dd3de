using System.Net;
using System.Net.Sockets;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jstp.Transport.Listening;

/// <summary>
/// The server under a <see cref="KestrelListener"/>: Kestrel and nothing else, so that neither configuration nor signals of the process reach in.
/// </summary>
internal static class ListenerHost
{
    private const string UnixPrefix = "unix:";

    /// <summary>Builds a host, which can be started once.</summary>
    /// <param name="options">The listener's settings.</param>
    /// <param name="bind">Says where to listen.</param>
    /// <param name="backlog">Connections that may wait to be accepted.</param>
    /// <param name="requests">Handles HTTP requests; null where connections carry no HTTP.</param>
    /// <param name="connections">Handles connections without HTTP, in place of <paramref name="requests"/>.</param>
    public static WebApplication Build(
        ListenerOptions options,
        Action<KestrelServerOptions, Action<ListenOptions>> bind,
        int backlog,
        RequestDelegate? requests,
        Func<UpgradedConnection, Task>? connections)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(options.LoggerFactory ?? NullLoggerFactory.Instance);
        builder.Services.AddSingleton(options.TimeProvider ?? TimeProvider.System);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseJstpSockets(configure: sockets => sockets.Backlog = backlog);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MaxHandshakes;
            kestrel.Limits.RequestHeadersTimeout = options.HandshakeTimeout ?? kestrel.Limits.RequestHeadersTimeout;
            kestrel.Limits.MaxRequestHeadersTotalSize = options.MaxRequestHeadersSize ?? kestrel.Limits.MaxRequestHeadersTotalSize;
            bind(kestrel, listen => Configure(listen, options.Tls, connections));
        });

        WebApplication host = builder.Build();

        if (requests is not null)
        {
            host.Run(requests);
        }

        return host;
    }

    /// <summary>Where a started host listens.</summary>
    public static IReadOnlyList<EndPoint> GetAddresses(WebApplication host)
    {
        ICollection<string> addresses = host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

        return [.. addresses.Select(ToEndPoint)];
    }

    private static EndPoint ToEndPoint(string address)
    {
        string place = address[(address.IndexOf("//", StringComparison.Ordinal) + 2)..];

        return place.StartsWith(UnixPrefix, StringComparison.Ordinal)
            ? new UnixDomainSocketEndPoint(place[UnixPrefix.Length..])
            : IPEndPoint.Parse(place.TrimEnd('/'));
    }

    private static void Configure(ListenOptions listen, TlsCertificateOptions? tls, Func<UpgradedConnection, Task>? connections)
    {
        listen.Protocols = HttpProtocols.Http1;

        if (tls is not null)
        {
            listen.UseTls(tls, negotiatesHttp: connections is null);
            listen.UseConnectionTakeover();
        }

        if (connections is not null)
        {
            listen.UseStreamConnections(connections);
        }
    }
}
