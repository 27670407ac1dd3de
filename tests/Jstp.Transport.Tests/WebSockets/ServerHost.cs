using System.Net;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>A WebSocketServer on a real Kestrel on a free loopback port.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServerHost(WebApplication app, WebSocketServer server)
    {
        _app = app;
        Server = server;
    }

    public WebSocketServer Server { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>Connections that were accepted, in order.</summary>
    public List<WebSocketConnection> Connections { get; } = [];

    public List<WebSocketUpgradeError> UpgradeErrors { get; } = [];

    /// <summary>Starts a host whose server hands requests to a handler; without one it accepts and echoes.</summary>
    public static async Task<ServerHost> StartAsync(
        Func<WebSocketRequest, ValueTask>? onRequest = null,
        WebSocketServerOptions? options = null,
        TimeProvider? time = null,
        Action<KestrelServerOptions>? kestrel = null,
        bool takeover = false,
        bool tls = false,
        Action<WebApplication>? configure = null,
        WebSocketServer? server = null,
        HttpProtocols protocols = HttpProtocols.Http1)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();

        if (takeover)
        {
            builder.WebHost.UseJstpSockets();
        }

        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(settings =>
        {
            settings.Listen(IPAddress.Loopback, 0, listen => ConfigureListener(listen, takeover, tls, protocols));
            kestrel?.Invoke(settings);
        });

        WebApplication app = builder.Build();
        configure?.Invoke(app);
        WebSocketServer webSocketServer = server ?? new WebSocketServer(options, timeProvider: time) { OnRequest = onRequest ?? EchoAsync };
        var host = new ServerHost(app, webSocketServer);
        webSocketServer.Connected += connection =>
        {
            lock (host.Connections)
            {
                host.Connections.Add(connection);
            }
        };
        webSocketServer.UpgradeError += error =>
        {
            lock (host.UpgradeErrors)
            {
                host.UpgradeErrors.Add(error);
            }
        };
        app.MapWebSocketServer("/{**path}", webSocketServer);
        await app.StartAsync();
        host.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return host;
    }

    public static async ValueTask EchoAsync(WebSocketRequest request)
    {
        WebSocketConnection connection = await request.AcceptAsync();
        connection.OnMessage = message => connection.SendAsync(message.Type, message.Payload);
    }

    private static void ConfigureListener(ListenOptions listen, bool takeover, bool tls, HttpProtocols protocols)
    {
        listen.Protocols = protocols;

        if (tls)
        {
            listen.UseHttps(EchoHost.Certificate);

            if (takeover)
            {
                listen.UseConnectionTakeover();
            }
        }
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
