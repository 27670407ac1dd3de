using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Requests, limits, shut-down (specification page, sections 1 to 3; scenarios 1, 9, 10 and 11 of section 15).</summary>
public sealed class WebSocketServerTests
{
    [Fact]
    public async Task Request_Accepted_EchoesMessages()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "a"), Frames.Masked(Opcode.Ping, "p"), Frames.Masked(Opcode.Text, "b"));

        // The pong may overtake; the messages keep their order.
        string[] answers = [Describe(await peer.ReadFrameAsync()), Describe(await peer.ReadFrameAsync()), Describe(await peer.ReadFrameAsync())];
        Assert.Equal(["Text:a", "Text:b"], answers.Where(answer => answer.StartsWith("Text", StringComparison.Ordinal)));
        Assert.Contains("Pong:p", answers);
        Assert.Equal(1, host.Server.ConnectionCount);
    }

    [Fact]
    public async Task Request_EventsOfOneConnection_ComeInOrder()
    {
        var events = new List<string>();
        WebSocketServer? server = null;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            events.Add($"request {server!.PendingRequestCount}");
            WebSocketConnection connection = await request.AcceptAsync();
            events.Add("accepted");
            connection.OnMessage = message =>
            {
                events.Add($"message {message.GetText()}");
                return default;
            };
            connection.OnClose = info =>
            {
                events.Add($"close {(int)info.Code}");
                return default;
            };
        });
        server = host.Server;
        server.Connected += _ => events.Add("connected");
        var ended = new TaskCompletionSource();
        server.Closed += (_, info) => events.Add($"server closed {(int)info.Code}");

        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);
        await peer.SendAsync(Encoding.ASCII.GetBytes(RawPeer.Handshake()), Frames.Masked(Opcode.Text, "early"), Frames.MaskedClose(4000));
        await peer.ReadToEndAsync();
        await Eventually.TrueAsync(() => events.Count == 6, "six events");

        Assert.Equal(["request 1", "connected", "accepted", "message early", "server closed 4000", "close 4000"], events);
        Assert.Equal(0, server.ConnectionCount);
        Assert.Equal(0, server.PendingRequestCount);
    }

    [Fact]
    public async Task Request_NotSound_RaisesUpgradeErrorOnlyOnce()
    {
        bool requested = false;
        await using ServerHost host = await ServerHost.StartAsync(_ =>
        {
            requested = true;
            return default;
        });
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);

        await peer.SendAsync(RawPeer.Handshake().Replace("dGhlIHNhbXBsZSBub25jZQ==", "x", StringComparison.Ordinal));
        string head = await peer.ReadHeadAsync();
        await peer.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => host.UpgradeErrors.Count == 1, "the event");
        Assert.False(requested);
        Assert.Equal(0, host.Server.PendingRequestCount);
    }

    [Fact]
    public async Task PlainHttp_OnAnEndpoint_Gets426WithUpgrade()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);

        await peer.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        string head = await peer.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 426 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nUpgrade: websocket\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain\r\n", head, StringComparison.Ordinal);
        Assert.Equal("Upgrade Required", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
        Assert.Empty(host.UpgradeErrors);
    }

    [Fact]
    public async Task Request_WithoutHandler_Gets404()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        host.Server.OnRequest = null;

        string head = await GetAnswerAsync(host);

        Assert.StartsWith("HTTP/1.1 404 ", head, StringComparison.Ordinal);
        Assert.Contains("X-WebSocket-Reject-Reason: ", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_HandlerThrows_Gets500WithoutReason()
    {
        await using ServerHost host = await ServerHost.StartAsync(_ => throw new InvalidTimeZoneException("secret"));

        string head = await GetAnswerAsync(host);

        Assert.StartsWith("HTTP/1.1 500 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", head, StringComparison.Ordinal);
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(host.UpgradeErrors).Exception);
    }

    [Fact]
    public async Task Limits_ConnectionsInTotalAndByAddress_Give503WithRetryAfter()
    {
        await using ServerHost total = await ServerHost.StartAsync(options: new WebSocketServerOptions { MaxConnections = 1 });
        await using ServerHost address = await ServerHost.StartAsync(options: new WebSocketServerOptions { MaxConnectionsPerAddress = 1 });

        foreach (ServerHost host in new[] { total, address })
        {
            RawPeer first = await RawPeer.UpgradeAsync(host.Address);
            string refused = await GetAnswerAsync(host);
            Assert.StartsWith("HTTP/1.1 503 ", refused, StringComparison.Ordinal);
            Assert.Contains("\r\nRetry-After: ", refused, StringComparison.Ordinal);

            first.Dispose();
            await Eventually.TrueAsync(() => host.Server.ConnectionCount == 0, "the connection to end");
            string again = "";
            await Eventually.TrueAsync(() => (again = GetAnswerAsync(host).GetAwaiter().GetResult()).StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal), "a free place");
        }
    }

    [Fact]
    public async Task Limits_PendingRequests_Give503()
    {
        await using ServerHost host = await ServerHost.StartAsync(_ => default, new WebSocketServerOptions { MaxPendingRequests = 1 });
        using RawPeer waiting = await RawPeer.ConnectAsync(host.Address);
        await waiting.SendAsync(RawPeer.Handshake());
        await Eventually.TrueAsync(() => host.Server.PendingRequestCount == 1, "the first request");

        string head = await GetAnswerAsync(host);

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KestrelsLimitOfUpgrades_Reached_Gives503AndAnException()
    {
        Exception? thrown = null;
        await using ServerHost host = await ServerHost.StartAsync(
            async request => thrown = await Record.ExceptionAsync(() => request.AcceptAsync()),
            kestrel: options => options.Limits.MaxConcurrentUpgradedConnections = 0);

        string head = await GetAnswerAsync(host);

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => thrown is not null, "the exception");
        Assert.Equal(503, Assert.IsType<WebSocketHandshakeException>(thrown).StatusCode);
    }

    [Fact]
    public async Task Unmount_ThenRequest_Gets404AndConnectionsGoOn()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        host.Server.Unmount();
        host.Server.Unmount();

        Assert.StartsWith("HTTP/1.1 404 ", await GetAnswerAsync(host), StringComparison.Ordinal);
        await peer.SendAsync(Frames.Masked(Opcode.Text, "still here"));
        Assert.Equal("still here", await peer.ReadTextAsync());
        host.Server.Mount();
        Assert.StartsWith("HTTP/1.1 101 ", await GetAnswerAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broadcast_ToAll_SendsIdenticalFrames()
    {
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions { FragmentationThreshold = 4 });
        using RawPeer one = await RawPeer.UpgradeAsync(host.Address);
        using RawPeer two = await RawPeer.UpgradeAsync(host.Address);

        WebSocketBroadcastResult result = await host.Server.BroadcastAsync("hello");

        byte[] expected = Frames.Join(Frames.Unmasked(Opcode.Text, "hell", fin: false), Frames.Unmasked(Opcode.Continuation, "o"));
        Assert.Equal(expected, await one.ReadAsync(expected.Length));
        Assert.Equal(expected, await two.ReadAsync(expected.Length));
        Assert.Equal(2, result.SentCount);
        Assert.Empty(result.Failures);
    }

    [Fact]
    public async Task ShutDown_OpenSilentAndPendingPeers_AllEnd()
    {
        var held = new List<WebSocketRequest>();
        await using ServerHost host = await ServerHost.StartAsync(
            request =>
            {
                if (request.Path == "/pending")
                {
                    held.Add(request);
                    return default;
                }

                return ServerHost.EchoAsync(request);
            },
            new WebSocketServerOptions { CloseTimeout = TimeSpan.FromMilliseconds(500) });
        using RawPeer polite = await RawPeer.UpgradeAsync(host.Address);
        using RawPeer silent = await RawPeer.UpgradeAsync(host.Address);
        using RawPeer pending = await RawPeer.ConnectAsync(host.Address);
        await pending.SendAsync(RawPeer.Handshake("/pending"));
        await Eventually.TrueAsync(() => host.Server.PendingRequestCount == 1, "the pending request");

        Task shutDown = host.Server.ShutDownAsync();

        Assert.Equal(1001, await polite.ReadCloseAsync());
        await polite.SendAsync(Frames.MaskedClose(1001));
        Assert.Equal(1001, await silent.ReadCloseAsync());
        Assert.StartsWith("HTTP/1.1 503 ", await pending.ReadHeadAsync(), StringComparison.Ordinal);
        await shutDown.Soon();
        await Eventually.TrueAsync(() => host.Server.ConnectionCount == 0, "no connections");
        Assert.StartsWith("HTTP/1.1 404 ", await GetAnswerAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostStopping_OpenConnection_SeesGoingAway()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        Task stop = host.StopAsync();

        Assert.Equal(1001, await peer.ReadCloseAsync());
        await peer.SendAsync(Frames.MaskedClose(1001));
        Assert.Empty(await peer.ReadToEndAsync());
        await stop.Soon();
    }

    private static string Describe((FrameHeader Header, byte[] Payload) frame) => $"{frame.Header.Opcode}:{Encoding.UTF8.GetString(frame.Payload)}";

    private static async Task<string> GetAnswerAsync(ServerHost host, params string[] headers)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);
        await peer.SendAsync(RawPeer.Handshake("/some/path?q=1&q=2&r", headers));
        return await peer.ReadHeadAsync();
    }
}
