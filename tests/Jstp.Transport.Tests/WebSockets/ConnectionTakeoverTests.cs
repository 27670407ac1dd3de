using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Connections of a plain server that outlive the request that upgraded them (ADR 0005), over TCP and over TLS.</summary>
public sealed class ConnectionTakeoverTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Request_WhoseHandlerReturned_EndsBeforeItsConnection(bool tls)
    {
        var ended = new TaskCompletionSource();
        await using ServerHost host = await StartAsync(tls, ended);
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);

        await peer.SendAsync(System.Text.Encoding.ASCII.GetBytes(RawPeer.Handshake()), Frames.Masked(Opcode.Text, "early"));
        await peer.ReadHeadAsync();
        Assert.Equal("early", await peer.ReadTextAsync());
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await peer.SendAsync(Frames.Masked(Opcode.Text, "late"));

        Assert.Equal("late", await peer.ReadTextAsync());
        Assert.Equal(1, host.Server.ConnectionCount);
        await peer.SendAsync(Frames.MaskedClose(1000));
        Assert.Equal(1000, await peer.ReadCloseAsync());
        Assert.Empty(await peer.ReadToEndAsync());
        await Eventually.TrueAsync(() => host.Server.ConnectionCount == 0, "no connection");
    }

    [Theory, InlineData(true, true), InlineData(false, false)]
    public async Task Request_ThatIsKeptOrHasNoTakeover_EndsAfterItsConnection(bool takeover, bool keepRequest)
    {
        var ended = new TaskCompletionSource();
        await using ServerHost host = await ServerHost.StartAsync(
            options: new WebSocketServerOptions { KeepRequest = keepRequest },
            takeover: takeover,
            configure: app => Observe(app, ended));
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"));
        Assert.Equal("x", await peer.ReadTextAsync());
        Assert.False(ended.Task.IsCompleted);

        await peer.SendAsync(Frames.MaskedClose(1000));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Handler_ThatReadsItself_KeepsItsRequest(bool tls)
    {
        var ended = new TaskCompletionSource();
        await using ServerHost host = await StartAsync(tls, ended, onRequest: async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();

            await foreach (WebSocketMessage message in connection.ReadAllAsync())
            {
                await connection.SendAsync(message.Type, message.Payload);
            }
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"));

        Assert.Equal("x", await peer.ReadTextAsync());
        Assert.False(ended.Task.IsCompleted);
        await peer.SendAsync(Frames.MaskedClose(1000));
        Assert.Equal(1000, await peer.ReadCloseAsync());
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Send_WhileTheRequestEnds_LosesNothing(bool tls)
    {
        const int MessageCount = 2000;
        var sends = new List<Task>();
        await using ServerHost host = await StartAsync(tls, onRequest: async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();
            Task send = Task.Run(async () =>
            {
                for (int i = 0; i < MessageCount; i++)
                {
                    await connection.SendTextAsync($"{i}");
                }
            });

            lock (sends)
            {
                sends.Add(send);
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

            for (int i = 0; i < MessageCount; i++)
            {
                Assert.Equal($"{i}", await peer.ReadTextAsync());
            }
        }));
        await Task.WhenAll(sends);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Connection_ThatOutlivesItsRequest_StillCountsForTheLimits(bool tls)
    {
        var ended = new TaskCompletionSource();
        await using ServerHost host = await StartAsync(tls, ended, options: new WebSocketServerOptions { MaxConnections = 1, MaxConnectionsPerAddress = 1 });
        using RawPeer first = await RawPeer.UpgradeAsync(host.Address);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));

        using RawPeer second = await RawPeer.ConnectAsync(host.Address);
        await second.SendAsync(RawPeer.Handshake());
        Assert.StartsWith("HTTP/1.1 503 ", await second.ReadHeadAsync(), StringComparison.Ordinal);

        await first.SendAsync(Frames.MaskedClose(1000));
        await first.ReadToEndAsync();
        await Eventually.TrueAsync(() => host.Server.ConnectionCount == 0, "no connection");
        using RawPeer third = await RawPeer.UpgradeAsync(host.Address);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Host_ThatStops_ClosesConnectionsThatOutlivedTheirRequests(bool tls)
    {
        var ended = new TaskCompletionSource();
        await using ServerHost host = await StartAsync(tls, ended);
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));

        Task stop = host.StopAsync();

        Assert.Equal(1001, await peer.ReadCloseAsync());
        await peer.SendAsync(Frames.MaskedClose(1001));
        await stop.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, host.Server.ConnectionCount);
    }

    private static Task<ServerHost> StartAsync(
        bool tls,
        TaskCompletionSource? ended = null,
        Func<WebSocketRequest, ValueTask>? onRequest = null,
        WebSocketServerOptions? options = null)
        => ServerHost.StartAsync(onRequest, options, takeover: true, tls: tls, configure: app => Observe(app, ended ?? new TaskCompletionSource()));

    private static void Observe(WebApplication app, TaskCompletionSource ended)
    {
        app.Use(async (context, next) =>
        {
            await next();
            ended.TrySetResult();
        });
        app.UseRouting();
    }
}
