using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.TestKit;
using Jstp.TestKit.Persistence;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>In strict durability nothing leaves before it is written, and nothing is handled before its receipt is.</summary>
public sealed class StrictTests : IAsyncLifetime, IAsyncDisposable
{
    private const int JournalFailed = 2120;

    private readonly List<string> _handled = [];
    private readonly TaskCompletionSource<int> _never = new();
    private readonly JstpTestCluster _cluster;

    public StrictTests() =>
        _cluster = new JstpTestCluster(SessionDurability.Strict, application => application.AddInterface("i", i => i
            .Method("note", (int number) => Note($"call {number}"))
            .OnEvent("note", (int number) => Note($"event {number}"))
            .Method("wait", () => WaitAsync("wait"))
            .Method("again", [JstpSafeToRepeat] () => WaitAsync("again"))));

    private JstpTestServer First => _cluster.Nodes[0];

    private JstpTestServer Second => _cluster.Nodes[1];

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Emit_StoreAway_LeavesOnceItIsWrittenAndInOrder()
    {
        JstpPeer peer = await First.ConnectAsync();
        JstpConnection client = Assert.Single(First.Server.Clients);
        _cluster.CutOff(0);

        client.Emit("i", "e", 1);
        client.Emit("i", "e", 2);
        client.Data["key"] = 3;
        client.Emit("i", "e", 3);

        await peer.ExpectNothingAsync();
        await _cluster.ReturnAsync(0);
        await peer.ExpectAsync("{event:[-1,'i'],e:[1]}", "{event:[-2,'i'],e:[2]}", "{event:[-3,'i'],e:[3]}");
    }

    [Fact]
    public async Task Emit_NodeDiesBeforeItIsWritten_WasNeverSent()
    {
        JstpPeer peer = await First.ConnectAsync();
        _cluster.CutOff(0);
        Assert.Single(First.Server.Clients).Emit("i", "e", 1);
        await peer.ExpectNothingAsync();
        peer.Lose();
        await _cluster.KillAsync(0);

        JstpPeer next = await Second.RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 0);

        await next.ExpectNothingAsync();
    }

    [Fact]
    public async Task Receive_StoreAway_IsHandledOnceItsReceiptIsWrittenAndInOrder()
    {
        JstpPeer peer = await First.ConnectAsync();
        _cluster.CutOff(0);

        peer.Send("{event:[1,'i'],note:[1]}", "{call:[2,'i'],note:[2]}", "{event:[3,'i'],note:[3]}", "{ping:[4]}");

        await peer.ExpectNothingAsync();
        Assert.Empty(_handled);
        await _cluster.ReturnAsync(0);
        await peer.ExpectAsync("{callback:[2],ok:[0]}", "{pong:[4]}");
        Assert.Equal(["event 1", "call 2", "event 3"], _handled);
    }

    [Fact]
    public async Task Receive_MoreThanMayWait_IsLeftToTheTransportAndHandledLater()
    {
        const int Count = 3000;

        JstpPeer peer = await First.ConnectAsync(outputCapacity: 1024 * 1024);
        _cluster.CutOff(0);

        peer.Send(Enumerable.Range(1, Count).Select(static number => $"{{call:[{number},'i'],note:[{number}]}}"));

        await peer.ExpectNothingAsync();
        Assert.Empty(_handled);
        await _cluster.ReturnAsync(0);
        await peer.ExpectAsync(Enumerable.Range(1, Count).Select(static number => $"{{callback:[{number}],ok:[0]}}"));
        Assert.Equal(Enumerable.Range(1, Count).Select(static number => $"call {number}"), _handled);
    }

    [Theory]
    [InlineData("wait", "{callback:[1],error:[-1]}", 1)]
    [InlineData("again", "{callback:[1],ok:[2]}", 2)]
    public async Task Resume_NodeDiedWhileACallRan_ItIsAnsweredOrRunAgain(string method, string answer, int runs)
    {
        JstpPeer peer = await First.ConnectAsync();
        peer.Send($"{{call:[1,'i'],{method}:[]}}");
        await _cluster.SettleAsync();
        peer.Lose();
        await _cluster.KillAsync(0);

        JstpPeer next = await Second.RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 1);
        await next.ExpectAsync("{ping:[-1]}");
        await next.ExpectNothingAsync(); // until the pong proves that its requests have come
        next.Send("{pong:[-1]}");

        await next.ExpectAsync(answer);
        Assert.Equal(Enumerable.Repeat(method, runs), _handled);
    }

    // The first node has taken the session by force for a client that did not wait. Until one says how far it is, ids may be in use that nobody has written.
    [Fact]
    public async Task Emit_CountNotKnown_IsWrittenOnceNobodyIsWaitedFor()
    {
        JstpPeer peer = await First.ConnectAsync();
        JstpConnection client = Assert.Single(First.Server.Clients); // of the session, whenever it is on the first node
        peer = await Second.RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 0);
        await _cluster.SettleAsync();
        _cluster.CutOff(1);
        JstpPeer vanishing = First.Open();
        vanishing.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");
        await _cluster.SettleAsync();
        vanishing.Lose();
        await _cluster.AdvanceAsync(First.Server.Options.HandOverTimeout);

        client.Emit("i", "e", 1);
        await _cluster.AdvanceAsync(First.Server.Options.HandshakeTimeout);
        await _cluster.ReturnAsync(1);
        await _cluster.KillAsync(0);

        JstpPeer next = await Second.RestoreAsync(peer.SessionId, receivedCount: 3, expectedCount: 0);
        await next.ExpectAsync("{event:[-1000001,'i'],e:[1]}");
    }

    [Fact]
    public async Task TakeOver_InputWaitsForItsReceipt_WasNotReceived()
    {
        JstpPeer peer = await First.ConnectAsync();
        First.Logs.Allow(JournalFailed);
        _cluster.Stores[0].Fault = StoreFault.ReadOnly;
        peer.Send("{call:[1,'i'],note:[1]}");
        await _cluster.SettleAsync();
        JstpPeer next = First.Open();
        next.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");
        await peer.ExpectCloseAsync(1000);
        await _cluster.ReturnAsync(0);

        await next.ExpectAsync("{handshake:[0],ok:0}");
        next.Send("{call:[1,'i'],note:[1]}"); // as a client does that has no answer

        await next.ExpectAsync("{callback:[1],ok:[0]}");
        Assert.Equal(["call 1"], _handled);
    }

    [Fact]
    public async Task Write_AnswerLost_IsRepeatedWithoutHarm()
    {
        JstpPeer peer = await First.ConnectAsync();
        First.Logs.Allow(JournalFailed);
        _cluster.Stores[0].Fault = StoreFault.AnswersLost;
        Assert.Single(First.Server.Clients).Emit("i", "e", 1);
        peer.Send("{call:[1,'i'],note:[1]}");
        await peer.ExpectNothingAsync();
        peer.Lose();
        await _cluster.ReturnAsync(0);

        JstpPeer next = await Second.RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 1);

        await next.ExpectAsync("{event:[-1,'i'],e:[1]}");
        await next.ExpectNothingAsync();
        Assert.Equal(["call 1"], _handled);
    }

    [Fact]
    public async Task Emit_OutcomeHiddenAndSessionTakenByForce_ArrivesOnce()
    {
        JstpPeer peer = await First.ConnectAsync();
        JstpConnection client = Assert.Single(First.Server.Clients);
        First.Logs.Allow(JournalFailed);
        _cluster.Stores[0].Fault = StoreFault.AnswersLost;
        client.Emit("i", "e", 1); // is written, and nobody knows
        await _cluster.SettleAsync();
        _cluster.CutOff(0);
        client.Emit("i", "e", 2); // is not

        JstpPeer next = await TakeByForceAsync(peer);
        await next.ExpectAsync("{event:[-1,'i'],e:[1]}");
        await _cluster.ReturnAsync(0);

        await next.ExpectAsync("{event:[-2,'i'],e:[2]}");
        await next.ExpectNothingAsync();
    }

    [Fact]
    public async Task Emit_OutcomeHiddenAndSessionTakenByForceTwice_ArrivesOnce()
    {
        JstpTestServer third = _cluster.Add();
        JstpPeer peer = await First.ConnectAsync();
        First.Logs.Allow(JournalFailed);
        _cluster.Stores[0].Fault = StoreFault.AnswersLost;
        Assert.Single(First.Server.Clients).Emit("i", "e", 1);
        await _cluster.SettleAsync();
        _cluster.CutOff(0);
        JstpPeer next = await TakeByForceAsync(peer);
        await next.ExpectAsync("{event:[-1,'i'],e:[1]}");
        next.Lose();
        await next.Released.WithinLimitAsync("the connection to end");
        await _cluster.KillAsync(1);
        JstpPeer last = await third.RestoreAsync(peer.SessionId, receivedCount: 1, expectedCount: 0); // so that the event is not in the store any more

        await _cluster.ReturnAsync(0);

        await last.ExpectNothingAsync();
    }

    [Fact]
    public async Task Post_OutcomeHiddenAndSessionTakenByForce_ArrivesOnce()
    {
        JstpPeer peer = await First.ConnectAsync();
        First.Logs.Allow(JournalFailed);
        _cluster.Stores[0].Fault = StoreFault.ReadOnly;
        await Second.Server.Cluster.SendToSessionAsync(peer.SessionId, "i", "e", 1);
        await Patience.UntilAsync(() => First.Server.Journal.IsFailing, "the first node to have taken the event into the session");
        _cluster.CutOff(0);

        JstpPeer next = await TakeByForceAsync(peer);
        await next.ExpectAsync("{event:[-1,'i'],e:[1]}");
        await _cluster.ReturnAsync(0);

        await next.ExpectNothingAsync();
    }

    // The first node does not hear that it is asked.
    private async Task<JstpPeer> TakeByForceAsync(JstpPeer peer)
    {
        JstpPeer next = Second.Open();
        next.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");
        await _cluster.AdvanceAsync(Second.Server.Options.HandOverTimeout);
        await next.ExpectAsync("{handshake:[0],ok:0}");

        return next;
    }

    private int Note(string what)
    {
        _handled.Add(what);

        return 0;
    }

    // The first run never ends: its node dies.
    private Task<int> WaitAsync(string what)
    {
        _handled.Add(what);

        return _handled.Count == 1 ? _never.Task : Task.FromResult(_handled.Count);
    }
}
