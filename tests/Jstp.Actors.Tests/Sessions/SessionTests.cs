using Jstp.Actors.Connections;
using Jstp.TestKit;
using Jstp.TestKit.Server;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>Protocol page, section 10 and D1 to D24 where they concern sessions, through whole connections.</summary>
public sealed partial class SessionTests
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
}
