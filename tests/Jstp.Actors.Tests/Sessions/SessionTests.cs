using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Sessions;
using Jstp.TestKit;
using Jstp.TestKit.Server;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>Protocol page, section 10 and D1 to D24 where they concern sessions, through whole connections.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Restore_AfterEvents_ResendsWhatIsOwedAndGoesOnWithLowerIds()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        client.Emit("i", "e", 1);
        client.Emit("i", "e", 2);
        await peer.ExpectAsync("{event:[-1,'i'],e:[1]}", "{event:[-2,'i'],e:[2]}");
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
        client.Emit("i", "e", 3);

        JstpPeer next = await server.RestoreAsync(peer.SessionId, 1, 0);
        client.Emit("i", "e", 4);

        await next.ExpectAsync("{event:[-2,'i'],e:[2]}", "{event:[-3,'i'],e:[3]}", "{event:[-4,'i'],e:[4]}");
        Assert.Same(client, Assert.Single(server.Server.Clients));
    }

    [Theory]
    [InlineData(0, 2)] // an earlier pong has released -1, whatever the client claims
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(9007199254740991, 4)] // capped: later messages are released as ever (10.3)
    public async Task Restore_AnyCount_ResendsFromThere(long count, int first)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        _ = client.PingAsync();
        await server.SettleAsync();
        peer.Send("{pong:[-1]}");
        client.Emit("i", "e", 2);
        client.Emit("i", "e", 3);
        await server.SettleAsync();
        peer.Lose();

        JstpPeer next = await server.RestoreAsync(peer.SessionId, count, 0);
        await next.ExpectAsync(Enumerable.Range(first, 4 - first).Select(static id => $"{{event:[-{id},'i'],e:[{id}]}}"));
        client.Emit("i", "e", 4);
        await next.ExpectAsync("{event:[-4,'i'],e:[4]}");
        next.Lose();
        JstpPeer last = await server.RestoreAsync(peer.SessionId, 3, 0);

        await last.ExpectAsync("{event:[-4,'i'],e:[4]}");
    }

    [Theory]
    [InlineData("{pong:[-2]}", 3)]
    [InlineData("{callback:[-2],ok:[]}", 3)]
    [InlineData("{pong:[-4]}", 1)] // never issued (D8)
    [InlineData("{pong:[2]}", 1)] // not ours
    [InlineData("{callback:[-9007199254740991],ok:[]}", 1)]
    public async Task Acknowledgement_OfAnId_ReleasesOnlyWhatItProves(string text, int first)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);

        for (int i = 1; i <= 3; i++)
        {
            client.Emit("i", "e", i);
        }

        await server.SettleAsync();
        peer.Send(text);
        peer.Lose();
        JstpPeer next = await server.RestoreAsync(peer.SessionId, 0, 0);

        await next.ExpectAsync(Enumerable.Range(first, 4 - first).Select(static id => $"{{event:[-{id},'i'],e:[{id}]}}"));
        await next.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)] // lower than what a pong has proven: the call is not resent, so it must not wait for ever (D12)
    public async Task Restore_ServerCallWithoutAnswer_FailsAsLost(long count)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        Task call = client.CallAsync("desk", "sign");

        if (count == 0)
        {
            _ = client.PingAsync();
            await server.SettleAsync();
            peer.Send("{pong:[-2]}");
        }

        await server.SettleAsync();
        peer.Lose();
        await server.RestoreAsync(peer.SessionId, count, 0);

        JstpException error = await Assert.ThrowsAsync<JstpException>(() => call.WithinLimitAsync("the end of the call"));
        Assert.Equal(JstpErrorCode.CallbackLost, error.Code);
    }

    [Fact]
    public async Task Restore_ServerCallThatDidNotArrive_IsResentAndAnswered()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        Task<int> call = Assert.Single(server.Server.Clients).CallAsync<int>("desk", "sign");
        await server.SettleAsync();
        peer.Lose();

        JstpPeer next = await server.RestoreAsync(peer.SessionId, 0, 0);
        await next.ExpectAsync("{call:[-1,'desk'],sign:[]}");
        next.Send("{callback:[-1],ok:[7]}");

        Assert.Equal(7, await call.WithinLimitAsync("the answer"));
    }

    [Fact]
    public async Task Restore_OtherApplication_IsAnswered11()
    {
        await using var server = new JstpTestServer(configure: static options => options.AddApplication("other", "1.0.0", static _ => { }));
        JstpPeer peer = await server.ConnectAsync();
        peer.Lose();

        JstpPeer thief = server.Open();
        thief.Send($"{{handshake:[0,'other'],session:['{peer.SessionId}',0]}}");

        await thief.ExpectAsync("{handshake:[0],error:[11]}");
        await server.RestoreAsync(peer.SessionId, 0, 0);
    }

    [Fact]
    public async Task TakeOver_OldConnectionAlive_ClosesItAndGoesOn()
    {
        await using var server = new JstpTestServer();
        JstpPeer old = await server.ConnectAsync();
        old.Send("{ping:[1]}");
        await old.ExpectAsync("{pong:[1]}");

        JstpPeer next = await server.RestoreAsync(old.SessionId, 0, 1);
        old.Send("{ping:[2]}"); // nothing of the old connection counts any more

        await old.ExpectCloseAsync(1000);
        next.Send("{ping:[2]}");
        await next.ExpectAsync("{pong:[2]}");
        server.Server.Broadcast("i", "all", 1);
        await next.ExpectAsync("{event:[-1,'i'],all:[1]}");
        Assert.Single(server.Server.Clients);
        next.Lose();
        await server.RestoreAsync(old.SessionId, 1, 2);
    }

    [Fact]
    public async Task TakeOver_OldConnectionTakesNoOutput_IsCutOff()
    {
        await using var server = new JstpTestServer();
        JstpPeer old = await server.ConnectAsync(outputCapacity: 1024);
        JstpConnection client = Assert.Single(server.Server.Clients);
        client.Emit("i", "e", new string('x', 4000));
        await server.SettleAsync();

        JstpPeer next = await server.RestoreAsync(old.SessionId, 0, 0);

        Assert.StartsWith("{event:[-1,'i'],e:['xxx", await next.ReceiveAsync(), StringComparison.Ordinal);
        await old.ExpectAbortAsync();
    }

    [Fact]
    public async Task TakeOver_ManyAtOnce_OneHoldsTheSessionAndTheOthersAreTold()
    {
        await using var server = new JstpTestServer();
        JstpPeer old = await server.ConnectAsync();
        JstpPeer[] peers = [.. Enumerable.Range(0, 8).Select(_ => server.Open())];

        await Task.WhenAll(peers.Select(peer => Task.Run(() => peer.Send($"{{handshake:[0,'app'],session:['{old.SessionId}',0]}}"))));

        foreach (JstpPeer peer in peers)
        {
            Assert.Contains(await peer.ReceiveAsync(), (string[])["{handshake:[0],ok:0}", "{handshake:[0],error:[11]}"]);
        }

        await server.SettleAsync();
        Assert.Single(server.Server.Clients);
        server.Server.Broadcast("i", "who");
        await server.SettleAsync();
        int holders = 0;

        foreach (JstpPeer peer in peers)
        {
            holders += await peer.TryReceiveNowAsync() == "{event:[-1,'i'],who:[]}" ? 1 : 0;
        }

        Assert.Equal(1, holders);
    }

    [Fact]
    public async Task TakeOver_WhileACallRuns_AnswersOnTheNewConnection()
    {
        var gate = new TaskCompletionSource<int>();
        await using var server = new JstpTestServer(app => app.AddInterface("slow", slow => slow.Method("wait", () => gate.Task)));
        JstpPeer old = await server.ConnectAsync();
        old.Send("{call:[1,'slow'],wait:[]}");
        await server.SettleAsync();

        JstpPeer next = await server.RestoreAsync(old.SessionId, 0, 1);
        gate.SetResult(7);

        await next.ExpectAsync("{callback:[1],ok:[7]}");
    }

    [Fact]
    public async Task RestartedClient_UsesItsIdsAgain_EarlierAnswersAreDiscarded()
    {
        var gates = new Queue<TaskCompletionSource<int>>([new(), new()]);
        TaskCompletionSource<int>[] all = [.. gates];
        await using var server = new JstpTestServer(app => app.AddInterface("slow", slow => slow.Method("wait", () => gates.Dequeue().Task)));
        JstpPeer old = await server.ConnectAsync();
        old.Send("{call:[1,'slow'],wait:[]}");
        await server.SettleAsync(); // what is not handled when another connection comes was not received, where the durability is strict
        old.Lose();
        JstpPeer next = await server.RestoreAsync(old.SessionId, 0, 1);

        next.Send("{call:[1,'slow'],wait:[]}");
        await server.SettleAsync();
        all[0].SetResult(1);
        await next.ExpectNothingAsync();
        all[1].SetResult(2);

        await next.ExpectAsync("{callback:[1],ok:[2]}");
    }

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

    [Fact]
    public async Task FruitlessConnections_FiveInARow_AreRefusedAndProgressForgives()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        peer.Lose();

        for (int i = 0; i < 4; i++)
        {
            JstpPeer bad = await server.RestoreAsync(peer.SessionId, 0, 0);
            bad.Send("{call:");
            await bad.ExpectCloseAsync(1007);
        }

        JstpPeer good = await server.RestoreAsync(peer.SessionId, 0, 0);
        good.Send("{ping:[1]}");
        await good.ExpectAsync("{pong:[1]}");
        good.Lose();

        for (int i = 0; i < 5; i++)
        {
            JstpPeer bad = await server.RestoreAsync(peer.SessionId, 0, 1);
            bad.Send("{call:");
            await bad.ExpectCloseAsync(1007);
        }

        JstpPeer refused = server.Open();
        refused.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");
        await refused.ExpectAsync("{handshake:[0],error:[11]}");
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
