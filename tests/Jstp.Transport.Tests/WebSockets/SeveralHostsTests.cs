using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>One server on several HTTP servers at once, <c>ws</c> and <c>wss</c> (specification page, sections 1 and 2).</summary>
public sealed class SeveralHostsTests
{
    private static WebSocketServer CreateServer() => new() { OnRequest = ServerHost.EchoAsync };

    [Theory, InlineData(false), InlineData(true)]
    public async Task Host_ThatStops_TakesOnlyItsOwnConnectionsWithIt(bool takeover)
    {
        await using WebSocketServer server = CreateServer();
        await using ServerHost plain = await ServerHost.StartAsync(server: server, takeover: takeover);
        await using ServerHost secure = await ServerHost.StartAsync(server: server, takeover: takeover, tls: true);
        using RawPeer first = await RawPeer.UpgradeAsync(plain.Address);
        using RawPeer second = await RawPeer.UpgradeAsync(secure.Address);
        await Eventually.TrueAsync(() => server.ConnectionCount == 2, "both connections");

        Task stop = plain.StopAsync();
        Assert.Equal(1001, await first.ReadCloseAsync());
        await first.SendAsync(Frames.MaskedClose(1001));
        await stop.WaitAsync(TimeSpan.FromSeconds(10));

        await second.SendAsync(Frames.Masked(Opcode.Text, "still here"));
        Assert.Equal("still here", await second.ReadTextAsync());
        using RawPeer third = await RawPeer.UpgradeAsync(secure.Address);
        await third.SendAsync(Frames.Masked(Opcode.Text, "and new ones"));
        Assert.Equal("and new ones", await third.ReadTextAsync());
        Assert.True(server.IsMounted);
    }

    [Fact]
    public async Task LastHost_ThatStops_ShutsTheServerDown()
    {
        await using WebSocketServer server = CreateServer();
        await using ServerHost first = await ServerHost.StartAsync(server: server);
        await using ServerHost second = await ServerHost.StartAsync(server: server, tls: true);

        await first.StopAsync();
        Assert.True(server.IsMounted);
        await second.StopAsync();

        Assert.False(server.IsMounted);
        Assert.Throws<ObjectDisposedException>(server.Mount);
    }

    [Fact]
    public async Task Host_ThatComesLater_IsServedToo()
    {
        await using WebSocketServer server = CreateServer();
        await using ServerHost first = await ServerHost.StartAsync(server: server);
        await using ServerHost second = await ServerHost.StartAsync(server: server);
        await first.StopAsync();
        await using ServerHost third = await ServerHost.StartAsync(server: server, tls: true);

        await second.StopAsync();

        using RawPeer peer = await RawPeer.UpgradeAsync(third.Address);
        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"));
        Assert.Equal("x", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task Unmount_OnSeveralHosts_TurnsNewRequestsAwayOnAllUntilMounted()
    {
        await using WebSocketServer server = CreateServer();
        await using ServerHost plain = await ServerHost.StartAsync(server: server);
        await using ServerHost secure = await ServerHost.StartAsync(server: server, tls: true);
        using RawPeer open = await RawPeer.UpgradeAsync(secure.Address);

        server.Unmount();
        server.Unmount();

        foreach (Uri address in (Uri[])[plain.Address, secure.Address])
        {
            using RawPeer refused = await RawPeer.ConnectAsync(address);
            await refused.SendAsync(RawPeer.Handshake());
            Assert.StartsWith("HTTP/1.1 404 ", await refused.ReadHeadAsync(), StringComparison.Ordinal);
        }

        await open.SendAsync(Frames.Masked(Opcode.Text, "x"));
        Assert.Equal("x", await open.ReadTextAsync());

        server.Mount();
        using RawPeer again = await RawPeer.UpgradeAsync(plain.Address);
    }

    [Fact]
    public async Task Broadcast_OverSeveralHosts_ReachesAll()
    {
        await using WebSocketServer server = CreateServer();
        await using ServerHost plain = await ServerHost.StartAsync(server: server);
        await using ServerHost secure = await ServerHost.StartAsync(server: server, tls: true);
        using RawPeer first = await RawPeer.UpgradeAsync(plain.Address);
        using RawPeer second = await RawPeer.UpgradeAsync(secure.Address);
        await Eventually.TrueAsync(() => server.ConnectionCount == 2, "both connections");

        WebSocketBroadcastResult result = await server.BroadcastAsync("to all");

        Assert.Empty(result.Failures);
        Assert.Equal("to all", await first.ReadTextAsync());
        Assert.Equal("to all", await second.ReadTextAsync());
    }
}
