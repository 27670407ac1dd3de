using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Sessions;
using Jstp.TestKit;
using Jstp.TestKit.Server;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Tests.Sessions;

// What is kept for a client, where, and how much of it.
public sealed partial class SessionTests
{
    [Fact]
    public async Task Detached_ExpiresFromMemory_StaysInTheStorageFor24Hours()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        client.Data["key"] = MdsfValue.Parse("{a:1}"u8);
        peer.Send("{ping:[5]}");
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
        client.Emit("i", "e", 1);

        await server.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Empty(server.Server.Sessions.ChildPaths());
        client.Emit("i", "e", 2); // brings it back
        await server.AdvanceAsync(TimeSpan.FromHours(1.1));
        Assert.Empty(server.Server.Sessions.ChildPaths());
        JstpPeer next = await server.RestoreAsync(peer.SessionId, 0, 5);
        await next.ExpectAsync("{event:[-1,'i'],e:[1]}", "{event:[-2,'i'],e:[2]}");
        Assert.Equal("{a:1}", Assert.Single(server.Server.Clients).Data["key"].ToString());
        next.Lose();

        await server.AdvanceAsync(TimeSpan.FromHours(27));
        JstpPeer late = server.Open();
        late.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");
        await late.ExpectAsync("{handshake:[0],error:[11]}");
    }

    [Fact]
    public async Task Detached_StorageFailsAtTheExpiration_StaysInMemory()
    {
        var storage = new FlakyStorage();
        await using var server = new JstpTestServer(configure: options => options.SessionStorage = storage);
        server.Logs.Allow(2104);
        JstpPeer peer = await server.ConnectAsync();
        Assert.Single(server.Server.Clients).Emit("i", "e", 1);
        storage.Fails = true;
        peer.Lose();

        await server.AdvanceAsync(TimeSpan.FromHours(3));
        storage.Fails = false;

        JstpPeer next = await server.RestoreAsync(peer.SessionId, 0, 0);
        await next.ExpectAsync("{event:[-1,'i'],e:[1]}");
    }

    [Fact]
    public async Task Detached_EveryMessage_IsStoredSoon()
    {
        var storage = new FlakyStorage();
        await using var server = new JstpTestServer(configure: options => options.SessionStorage = storage);
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
        await server.SettleAsync();

        client.Emit("i", "e", 1);
        await server.AdvanceAsync(TimeSpan.FromMilliseconds(50)); // D18

        Assert.Contains("{event:[-1,'i'],e:[1]}", storage.Stored(peer.SessionId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SessionEnds_ListenerThrows_EverybodyElseIsTold()
    {
        await using var server = new JstpTestServer(configure: static options => options.MaxUnacknowledgedMessages = 257);
        server.Logs.Allow(2301);
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        client.SessionEnded.Register(static () => throw new InvalidOperationException());
        Task call = client.CallAsync("desk", "sign");
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");

        for (int i = 0; i < 300 && !client.SessionEnded.IsCancellationRequested; i++)
        {
            client.EmitEncoded(MessageTail.Event("i", "e", [i], 1000));
        }

        await Patience.UntilAsync(() => client.SessionEnded.IsCancellationRequested, "the end of the session");
        await Assert.ThrowsAsync<JstpException>(() => call.WithinLimitAsync("the end of the call"));
        Assert.Throws<JstpSessionEndedException>(() => client.Emit("i", "e"));
        await server.Logs.WaitForAsync(2301);
    }

    [Fact]
    public async Task BufferFull_EndConnection_ClosesAndLosesNothingInSilence()
    {
        await using var server = new JstpTestServer(configure: static options =>
        {
            options.AcknowledgePingMessages = 2;
            options.MaxUnacknowledgedMessages = 4;
        });
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);

        for (int i = 1; i <= 5; i++)
        {
            client.Emit("i", "e", i);
        }

        Assert.Equal(5, (await peer.ReceiveAllAsync()).Count); // four events and the ping
        Assert.Equal(1008, peer.CloseCode);
        await Patience.UntilAsync(() => client.SessionEnded.IsCancellationRequested, "the end of the session");
        JstpPeer next = server.Open();
        next.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',4]}}");
        await next.ExpectAsync("{handshake:[0],error:[11]}");
    }

    [Fact]
    public async Task BufferFull_RefuseNewest_KeepsTheConnection()
    {
        await using var server = new JstpTestServer(configure: static options =>
        {
            options.AcknowledgePingMessages = 2;
            options.MaxUnacknowledgedMessages = 4;
            options.BufferOverflow = BufferOverflowPolicy.RefuseNewest;
        });
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);

        for (int i = 1; i <= 5; i++)
        {
            client.Emit("i", "e", i);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.CallAsync("desk", "sign").WithinLimitAsync("the refusal"));
        await peer.ExpectAsync("{event:[-1,'i'],e:[1]}", "{event:[-2,'i'],e:[2]}", "{event:[-3,'i'],e:[3]}", "{ping:[-4]}", "{event:[-5,'i'],e:[4]}");
        peer.Send("{pong:[-4]}");
        await peer.ExpectNothingAsync();
        client.Emit("i", "e", 6);
        await peer.ExpectAsync("{event:[-6,'i'],e:[6]}");
    }

    [Theory]
    [InlineData(256, 1)] // 257 messages
    [InlineData(2, 128 * 1024 + 1)] // more than 256 KiB
    public async Task Unacknowledged_PassesTheMark_DrawsOnePing(int silent, int length)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync(outputCapacity: 4 * 1024 * 1024);
        JstpConnection client = Assert.Single(server.Server.Clients);
        int pings = 0;

        for (int i = 0; i < 2 * silent; i++)
        {
            client.Emit("i", "e", new string('x', length));
            await server.SettleAsync();
        }

        for (int received = 0; received < 2 * silent;)
        {
            string text = await peer.ReceiveAsync();
            bool isPing = text.StartsWith("{ping", StringComparison.Ordinal);
            pings += isPing ? 1 : 0;
            received += isPing ? 0 : 1;
        }

        Assert.Equal(1, pings);
    }

    private sealed class FlakyStorage : ISessionStorageProvider
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> _texts = new();

        public bool Fails { get; set; }

        public string Stored(string id) => _texts[id];

        public ValueTask<SessionSnapshot?> GetAsync(string sessionId, CancellationToken cancellationToken) =>
            ValueTask.FromResult(_texts.TryGetValue(sessionId, out string? text) ? SessionSnapshot.Parse(text) : null);

        public ValueTask SetAsync(SessionSnapshot session, CancellationToken cancellationToken)
        {
            if (Fails)
            {
                throw new IOException("No room.");
            }

            _texts[session.Id] = session.ToString();

            return ValueTask.CompletedTask;
        }

        public ValueTask SetInactiveAsync(string sessionId, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken)
        {
            _texts.TryRemove(sessionId, out _);

            return ValueTask.CompletedTask;
        }
    }
}
