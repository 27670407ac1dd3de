using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// The HTTP server under a listening <see cref="WssServer"/>: Kestrel and nothing else, so that neither configuration nor signals of the process reach in.
/// </summary>
internal static class WssHost
{
    /// <summary>Builds a host, which can be started once.</summary>
    public static WebApplication Build(
        WssServerOptions options,
        TimeProvider timeProvider,
        Action<KestrelServerOptions, Action<ListenOptions>> bind,
        int backlog,
        RequestDelegate handler)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ILoggerFactory loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        TlsCertificateSource? certificates = options.Tls is { } tls ? new TlsCertificateSource(tls, timeProvider, loggers.CreateLogger<TlsCertificateSource>()) : null;

        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseJstpSockets(configure: sockets => sockets.Backlog = backlog);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MaxHandshakes;
            kestrel.Limits.RequestHeadersTimeout = options.HandshakeTimeout;
            bind(kestrel, listen => Configure(listen, certificates, options.Tls));
        });

        WebApplication host = builder.Build();
        host.Run(handler);
        return host;
    }

    /// <summary>Where a started host listens.</summary>
    public static IReadOnlyList<EndPoint> GetAddresses(WebApplication host)
    {
        ICollection<string> addresses = host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

        return [.. addresses.Select(address => IPEndPoint.Parse(address[(address.IndexOf("//", StringComparison.Ordinal) + 2)..].TrimEnd('/')))];
    }

    private static void Configure(ListenOptions listen, TlsCertificateSource? certificates, TlsCertificateOptions? tls)
    {
        listen.Protocols = HttpProtocols.Http1;

        if (certificates is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = tls!.HandshakeTimeout,
                OnConnection = _ => ValueTask.FromResult(certificates.GetCurrent()),
            });
            listen.UseConnectionTakeover();
        }
    }
}
