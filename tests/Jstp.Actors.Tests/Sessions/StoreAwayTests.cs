using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.TestKit;
using Jstp.TestKit.Persistence;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>What a server does while its store cannot be reached (docs/cluster.md, "When the store is away").</summary>
public sealed class StoreAwayTests
{
    private const int Unavailable = 2203;

    private static readonly TimeSpan JournalInterval = TimeSpan.FromMilliseconds(5);

    public static TheoryData<SessionDurability> Durabilities => [.. Enum.GetValues<SessionDurability>()];

    [Theory]
    [InlineData(SessionDurability.OnDisconnect)]
    [InlineData(SessionDurability.Continuous)]
    public async Task NotStrict_GoesOnAndCatchesUp(SessionDurability durability)
    {
        await using var cluster = CreateCluster(durability);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        JstpConnection client = Assert.Single(cluster.Nodes[0].Server.Clients);
        await cluster.AdvanceAsync(JournalInterval);
        cluster.CutOff(0);

        client.Emit("i", "e", 1);
        peer.Send("{call:[1,'i'],echo:[7]}");
        await peer.ExpectAsync("{event:[-1,'i'],e:[1]}", "{callback:[1],ok:[7]}");
        await cluster.ReturnAsync(0);
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
        await cluster.AdvanceAsync(JournalInterval);
        await cluster.KillAsync(0);

        JstpPeer next = await cluster.Nodes[1].RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 1);
        await next.ExpectAsync("{event:[-1,'i'],e:[1]}");
    }

    // It cannot know that nobody has taken the session meanwhile. The client goes on to another node, or comes again.
    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Restore_SessionInMemory_IsSentAwayUntilTheStoreIsBack(SessionDurability durability)
    {
        await using var cluster = CreateCluster(durability);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        await cluster.AdvanceAsync(JournalInterval);
        cluster.CutOff(0);
        await LoseAsync(peer);
        await cluster.AdvanceAsync(cluster.Nodes[0].Server.Options.ClientExpirationTime); // it stays in memory nevertheless

        JstpPeer early = cluster.Nodes[0].Open();
        early.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");

        await early.ExpectCloseAsync(1011);
        Assert.NotEmpty(cluster.Nodes[0].Logs.WithId(Unavailable));
        await cluster.ReturnAsync(0);
        await cluster.Nodes[0].RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 0);
        Assert.Equal(0, cluster.Stores[0].TakeCount); // it was in memory all the time
    }

    // A take-over is no better: the client may have been elsewhere while its old connection seemed to live.
    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Restore_OldConnectionStillOpen_IsSentAwayAndTheOldOneServed(SessionDurability durability)
    {
        await using var cluster = CreateCluster(durability);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        await cluster.AdvanceAsync(JournalInterval);
        cluster.CutOff(0);

        JstpPeer next = cluster.Nodes[0].Open();
        next.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");

        await next.ExpectCloseAsync(1011);
        peer.Send("{call:[1,'i'],echo:[7]}");
        await cluster.ReturnAsync(0); // strict durability waits for that
        await peer.ExpectAsync("{callback:[1],ok:[7]}");
    }

    // The node reaches the store and does not know that it was held for dead: it has slept, or its connection has ended without a word.
    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Restore_SessionWasTakenUnnoticed_IsReadFromTheStore(SessionDurability durability)
    {
        await using var cluster = CreateCluster(durability);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        await cluster.AdvanceAsync(JournalInterval);
        cluster.Stores[0].IsDeaf = true;
        await LoseAsync(peer);
        JstpPeer elsewhere = await RestoreByForceAsync(cluster, 1, peer.SessionId);
        Assert.Single(cluster.Nodes[1].Server.Clients).Emit("i", "e", 1);
        await elsewhere.ExpectAsync("{event:[-1,'i'],e:[1]}");
        await LoseAsync(elsewhere);
        await cluster.AdvanceAsync(JournalInterval);
        cluster.Stores[0].IsDeaf = false;

        JstpPeer back = await cluster.Nodes[0].RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 0);

        await back.ExpectAsync("{event:[-1,'i'],e:[1]}");
    }

    // No other node can have what the store has never heard of.
    [Fact]
    public async Task Restore_SessionOpenedWhileTheStoreIsAway_IsFound()
    {
        await using var cluster = CreateCluster(SessionDurability.Continuous);
        cluster.CutOff(0);
        await cluster.Nodes[0].ConnectAsync();
        await cluster.AdvanceAsync(JournalInterval); // the journal tries to write this one, and what it has under way it tries first
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        await LoseAsync(peer);

        await cluster.Nodes[0].RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 0);
        await cluster.ReturnAsync(0);
    }

    [Fact]
    public async Task Restore_FirstWriteUnderWay_IsSentAwayWhileItFails()
    {
        await using var cluster = CreateCluster(SessionDurability.Continuous);
        cluster.CutOff(0);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        await cluster.AdvanceAsync(JournalInterval); // nobody knows whether it was written
        await LoseAsync(peer);

        JstpPeer early = cluster.Nodes[0].Open();
        early.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");

        await early.ExpectCloseAsync(1011);
        await cluster.ReturnAsync(0);
        await cluster.Nodes[0].RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 0);
    }

    [Theory]
    [InlineData(0)] // the session is in memory
    [InlineData(1)] // it is to be read
    public async Task Restore_StoreNeverAnswers_EndsWithTheHandshakeTimeout(int node)
    {
        await using var cluster = CreateCluster(SessionDurability.Continuous);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        await cluster.AdvanceAsync(JournalInterval);
        await LoseAsync(peer);
        await cluster.AdvanceAsync(JournalInterval);
        cluster.Stores[node].Fault = StoreFault.Blocked;

        JstpPeer next = cluster.Nodes[node].Open();
        next.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");
        await Patience.UntilAsync(() => cluster.Stores[node].WaitingCount == 1, "the store to be asked");
        cluster.Time.Advance(cluster.Nodes[node].Server.Options.HandshakeTimeout);

        await next.ExpectCloseAsync(1008);
        cluster.Stores[node].Fault = StoreFault.None;
        await cluster.SettleAsync(); // the session is here now, for a client that does not come: the node's end waits for it a while
    }

    [Fact]
    public async Task Restore_SessionElsewhere_IsSentAwayNotRefused()
    {
        await using var cluster = CreateCluster(SessionDurability.Strict);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        cluster.CutOff(1);

        JstpPeer next = cluster.Nodes[1].Open();
        next.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");

        await next.ExpectCloseAsync(1011);
    }

    [Fact]
    public async Task JournalBehind_InputWaits()
    {
        const int TooMany = 1_000_000;

        await using var cluster = CreateCluster(SessionDurability.Continuous);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        cluster.Nodes[0].Server.Journal.AddPending(TooMany);

        peer.Send("{call:[1,'i'],echo:[1]}");
        peer.Send("{call:[2,'i'],echo:[2]}");
        await cluster.SettleAsync();
        IReadOnlyList<string> early = await peer.ReceiveAllNowAsync();
        peer.Send("{call:[3,'i'],echo:[3]}");
        await peer.ExpectNothingAsync();
        cluster.Nodes[0].Server.Journal.AddPending(-TooMany);

        string[] all = [.. Enumerable.Range(1, 3).Select(static number => $"{{callback:[{number}],ok:[{number}]}}")];
        Assert.Equal(all[..early.Count], early); // the read that was under way may still be answered
        await peer.ExpectAsync(all[early.Count..]);
    }

    private static async Task<JstpPeer> RestoreByForceAsync(JstpTestCluster cluster, int node, string sessionId)
    {
        JstpPeer peer = cluster.Nodes[node].Open();
        peer.Send($"{{handshake:[0,'app'],session:['{sessionId}',0]}}");
        await cluster.AdvanceAsync(cluster.Nodes[node].Server.Options.HandOverTimeout);
        await peer.ExpectAsync("{handshake:[0],ok:0}");

        return peer;
    }

    private static async Task LoseAsync(JstpPeer peer)
    {
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
    }

    private static JstpTestCluster CreateCluster(SessionDurability durability) =>
        new(
            durability,
            static application => application.AddInterface("i", static i => i.Method("echo", static (int number) => number)),
            static options => options.ClientExpirationTime = TimeSpan.FromSeconds(10));
}
