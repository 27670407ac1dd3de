using System.Net;
using System.Net.WebSockets;
using System.Text;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Sessions;
using Jstp.TestKit;
using Jstp.TestKit.Server;
using Microsoft.Extensions.Options;

namespace Jstp.Actors.Tests.Hosting;

public sealed class ServerTests
{
    [Theory]
    [InlineData("Node", "")]
    [InlineData("Node", "two words")]
    [InlineData("HandshakeTimeout", "00:00:00")]
    [InlineData("HeartbeatInterval", "-00:00:01")]
    [InlineData("ClientExpirationTime", "50.00:00:00")]
    [InlineData("CloseTimeout", "00:00:00")]
    [InlineData("SendTimeout", "00:00:00")]
    [InlineData("KeepAliveInterval", "00:00:00")]
    [InlineData("KeepAliveGracePeriod", "00:00:00")]
    [InlineData("ShutdownTimeout", "00:00:00")]
    [InlineData("MaxMessageSize", "1")]
    [InlineData("PlainHttpStatus", "101")]
    [InlineData("MaxDepth", "1001")]
    [InlineData("MaxValueCount", "0")]
    [InlineData("MaxRunningCalls", "0")]
    [InlineData("MaxPendingCalls", "0")]
    [InlineData("MaxFruitlessConnections", "0")]
    [InlineData("MaxUnacknowledgedMessages", "256")]
    [InlineData("MaxUnacknowledgedBytes", "1")]
    [InlineData("MaxSendBacklog", "1024")]
    [InlineData("BufferOverflow", "7")]
    [InlineData("Durability", "7")]
    [InlineData("JournalInterval", "00:00:00.0001")]
    [InlineData("JournalInterval", "00:00:11")]
    [InlineData("HandOverTimeout", "00:00:00")]
    [InlineData("InactiveSessionLifetime", "00:00:00")]
    [InlineData("MaxSessionsInMemory", "0")]
    [InlineData("DrainTimeout", "00:00:00")]
    [InlineData("DrainBatchSize", "0")]
    [InlineData("DrainInterval", "00:00:00")]
    public void Options_CannotWork_NameTheKey(string key, string value)
    {
        var options = new JstpServerOptions();
        System.Reflection.PropertyInfo property = typeof(JstpServerOptions).GetProperty(key)!;
        property.SetValue(options, System.ComponentModel.TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value));

        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => new JstpServer(options));

        Assert.StartsWith($"Jstp:{key} ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopAsync_ClosesWith1001AndStoresSessions()
    {
        using var storage = new SimpleSessionStorageProvider();
        await using var server = new JstpTestServer(configure: options => options.SessionStorage = storage);
        JstpPeer peer = await server.ConnectAsync();
        JstpPeer early = server.Open();
        Task<string?> end = peer.TryReceiveAsync();
        Task<string?> earlyEnd = early.TryReceiveAsync();

        await server.StopAsync();

        Assert.Null(await end);
        Assert.Null(await earlyEnd);
        Assert.Equal((1001, 1001), (peer.CloseCode, early.CloseCode));
        Assert.NotNull(await storage.GetAsync(peer.SessionId, CancellationToken.None));
    }

    [Fact]
    public async Task StopAsync_StorageNeverAnswers_EndsWithTheTimeout()
    {
        var release = new TaskCompletionSource();
        await using var server = new JstpTestServer(configure: options => options.SessionStorage = new HangingStorage(release.Task));
        JstpPeer peer = await server.ConnectAsync();
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");

        Task stopped = server.Server.StopAsync();
        await Patience.UntilAsync(() => server.Time.NextTimerDueIn is not null, "the timeout to run");
        Assert.False(stopped.IsCompleted);
        server.Time.Advance(TimeSpan.FromSeconds(10));

        await stopped.WithinLimitAsync("the end of the stop");
        release.SetResult();
    }

    [Fact]
    public async Task Heartbeat_EveryInterval_PingsTheClient()
    {
        await using var server = new JstpTestServer(configure: static options => options.HeartbeatInterval = TimeSpan.FromSeconds(30));
        JstpPeer peer = await server.ConnectAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(60));

        await peer.ExpectAsync("{ping:[-1]}", "{ping:[-2]}");
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(20, 10)]
    [InlineData(5, 12)] // a grace period beyond the interval
    public async Task KeepAlive_SilentPeer_IsProbedAndCutOffAndAnAnsweringOneIsNot(int interval, int grace)
    {
        await using var server = new JstpTestServer(configure: options =>
        {
            options.KeepAliveInterval = TimeSpan.FromSeconds(interval);
            options.KeepAliveGracePeriod = TimeSpan.FromSeconds(grace);
        });
        JstpPeer silent = await server.ConnectAsync();
        JstpPeer answering = await server.ConnectAsync();

        for (int second = 0; second < interval + grace + 1; second++)
        {
            await server.AdvanceAsync(TimeSpan.FromSeconds(1));
            await answering.ExpectNothingAsync(); // reads, and so answers probes
        }

        Assert.True(silent.IsAborted);
        Assert.False(answering.IsAborted);
        Assert.InRange(answering.ProbeCount, 1, 10);
    }

    [Fact]
    public async Task SendTimeout_PeerTakesNothing_IsCutOff()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync(outputCapacity: 1024);
        Assert.Single(server.Server.Clients).Emit("i", "e", new string('x', 5000));

        await server.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.False(peer.IsAborted);
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.True(peer.IsAborted);
        Assert.Single(server.Logs.WithId(2001));
    }

    [Fact]
    public async Task Backlog_PassesTheLimit_IsCutOffAndTheSessionKeepsWhatItIsOwed()
    {
        await using var server = new JstpTestServer(configure: static options =>
        {
            options.MaxMessageSize = 1024 * 16;
            options.MaxSendBacklog = 1024 * 64;
        });
        JstpPeer peer = await server.ConnectAsync(outputCapacity: 1024);
        JstpConnection client = Assert.Single(server.Server.Clients);

        for (int i = 0; i < 12; i++)
        {
            client.Emit("i", "e", new string('x', 8000));
            await server.SettleAsync();
        }

        Assert.True(peer.IsAborted);
        Assert.Single(server.Logs.WithId(2008));
        JstpPeer next = server.Open(outputCapacity: 1024 * 1024);
        await next.RestoreAsync(peer.SessionId, 0, 0);

        for (int i = 1; i <= 12; i++)
        {
            Assert.StartsWith($"{{event:[-{i},", await next.ReceiveAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WsCreateServer_RealClient_IsServed()
    {
        var connected = new TaskCompletionSource<JstpConnection>();
        JstpApplication application = JstpApplication.Create(
            "app", "1.0.0", static app => app.AddInterface("calc", static calc => calc.Method("add", static (int a, int b) => a + b)));
        await using JstpListener listener = Ws.CreateServer([application], connected.SetResult);
        IPEndPoint address = await listener.ListenAsync(0, IPAddress.Loopback);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("metarhia-jstp");

        await client.ConnectAsync(new Uri($"ws://{address}/"), CancellationToken.None).WithinLimitAsync("the upgrade");
        await client.SendAsync("{handshake:[0,'app']}"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        await client.SendAsync("{call:[1,'calc'],add:[1,2]}"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);

        Assert.StartsWith("{handshake:[0],ok:'", await ReceiveAsync(client), StringComparison.Ordinal);
        Assert.Equal("{callback:[1],ok:[3]}", await ReceiveAsync(client));
        Assert.True((await connected.Task.WithinLimitAsync("the listener")).IsConnected);
        Task stopped = listener.StopAsync();
        Assert.Equal("", await ReceiveAsync(client));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await stopped.WithinLimitAsync("the stop");
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket client)
    {
        byte[] buffer = new byte[1024];
        WebSocketReceiveResult result = await client.ReceiveAsync(buffer, CancellationToken.None).WithinLimitAsync("a message");

        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    private sealed class HangingStorage(Task release) : ISessionStorageProvider
    {
        public ValueTask<SessionSnapshot?> GetAsync(string sessionId, CancellationToken cancellationToken) => ValueTask.FromResult<SessionSnapshot?>(null);

        public async ValueTask SetAsync(SessionSnapshot session, CancellationToken cancellationToken) => await release;

        public ValueTask SetInactiveAsync(string sessionId, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
