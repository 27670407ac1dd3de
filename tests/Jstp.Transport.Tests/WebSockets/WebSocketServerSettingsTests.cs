using System.Net.Sockets;
using System.Net.WebSockets;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Settings whose effect is small and easily lost (specification page, sections 1, 2 and 8).</summary>
public sealed class WebSocketServerSettingsTests
{
    [Fact]
    public async Task ParseCookiesAndExtensions_Off_ShowNoneAndCompressionIsNegotiatedAllTheSame()
    {
        int shown = -1;
        var options = new WebSocketServerOptions { ParseCookies = false, ParseExtensions = false, Compression = new WebSocketCompressionOptions() };
        await using ServerHost host = await ServerHost.StartAsync(
            request =>
            {
                shown = request.Cookies.Count + request.RequestedExtensions.Count;
                return ServerHost.EchoAsync(request);
            },
            options);

        string head = await GetAnswerAsync(host, "Cookie: a=1", "Sec-WebSocket-Extensions: permessage-deflate");

        Assert.Equal(0, shown);
        Assert.Contains("\r\nSec-WebSocket-Extensions: permessage-deflate", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version8_Allowed_HasItsOwnHeaderOfTheOrigin()
    {
        string? origin = null;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            origin = request.Origin;
            await request.AcceptAsync(origin: origin);
        });

        string head = await GetAnswerOfVersion8Async(host);

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Equal("https://old.example", origin);
        Assert.Contains("\r\nSec-WebSocket-Origin: https://old.example\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version8_NotAllowed_Gets426WithTheOnlyVersion()
    {
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions { AllowVersion8 = false });

        string head = await GetAnswerOfVersion8Async(host);

        Assert.StartsWith("HTTP/1.1 426 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Version: 13\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task NoDelayAndTcpKeepAlive_Set_ReachTheSocket(bool noDelay, bool useTcpKeepAlive)
    {
        (bool NoDelay, bool KeepAlive, int Idle) seen = default;
        await using ServerHost host = await ServerHost.StartAsync(
            async request =>
            {
                await request.AcceptAsync();
                Socket socket = request.HttpContext.Features.Get<IConnectionSocketFeature>()!.Socket;
                seen = (
                    socket.NoDelay,
                    (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0,
                    (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!);
            },
            new WebSocketServerOptions { NoDelay = noDelay, UseTcpKeepAlive = useTcpKeepAlive, KeepAliveInterval = TimeSpan.FromSeconds(33) });

        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await Eventually.TrueAsync(() => seen.Idle != 0, "the socket's settings");
        Assert.Equal((noDelay, useTcpKeepAlive), (seen.NoDelay, seen.KeepAlive));
        Assert.Equal(useTcpKeepAlive, seen.Idle == 33);
    }

    [Fact]
    public async Task CloseAllConnections_WithACode_TellsItAndTheServerGoesOn()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        Task closed = host.Server.CloseAllConnectionsAsync((WebSocketCloseStatus)4001, "new version");

        Assert.Equal(4001, await peer.ReadCloseAsync());
        await peer.SendAsync(Frames.MaskedClose(4001));
        await closed.Soon();
        Assert.StartsWith("HTTP/1.1 101 ", await GetAnswerAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DrainTimeout_PeerThatDoesNotClose_BoundsTheShutDown()
    {
        var time = new ManualTimeProvider();
        var options = new WebSocketServerOptions { CloseTimeout = Timeout.InfiniteTimeSpan, DrainTimeout = TimeSpan.FromSeconds(7), KeepAlive = false };
        await using ServerHost host = await ServerHost.StartAsync(options: options, time: time);
        using RawPeer silent = await RawPeer.UpgradeAsync(host.Address);

        Task shutDown = host.Server.ShutDownAsync();
        Assert.Equal(1001, await silent.ReadCloseAsync());
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(shutDown.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await shutDown.Soon();
        await Eventually.TrueAsync(() => host.Server.ConnectionCount == 0, "the connection to be cut off");
    }

    [Fact]
    public async Task MapWebSocketServer_WithAConvention_FollowsIt()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.MapWebSocketServer("/a", ServerHost.EchoAsync).RequireHost("localhost");
        app.MapWebSocketServer("/b", ServerHost.EchoAsync).RequireHost("elsewhere.example");
        await app.StartAsync();
        var address = new Uri(app.Urls.Single());

        foreach ((string path, string status) in ((string, string)[])[("/a", "101"), ("/b", "404")])
        {
            using RawPeer peer = await RawPeer.ConnectAsync(address);
            await peer.SendAsync(RawPeer.Handshake(path));
            Assert.Equal(status, (await peer.ReadHeadAsync()).Split(' ')[1]);
        }
    }

    private static async Task<string> GetAnswerAsync(ServerHost host, params string[] headers)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);
        await peer.SendAsync(RawPeer.Handshake("/", headers));
        return await peer.ReadHeadAsync();
    }

    private static async Task<string> GetAnswerOfVersion8Async(ServerHost host)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);
        await peer.SendAsync(
            "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Origin: https://old.example\r\n\r\n");
        return await peer.ReadHeadAsync();
    }
}
