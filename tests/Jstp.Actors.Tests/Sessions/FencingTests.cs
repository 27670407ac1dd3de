using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>
/// A node is cut off from the store, another one takes its session, and the first returns. The same history runs against a store that checks epochs and against
/// one that does not, which shows what the check is for.
/// </summary>
public sealed class FencingTests
{
    private static readonly TimeSpan JournalInterval = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InlineData(SessionDurability.OnDisconnect)]
    [InlineData(SessionDurability.Continuous)]
    [InlineData(SessionDurability.Strict)]
    public async Task ReturnedNode_WithTheEpochCheck_NeitherWritesNorSends(SessionDurability durability)
    {
        (IReadOnlyList<string> sentByTheOld, IReadOnlyList<string> stored) = await RunAsync(durability, isFenced: true);

        if (durability == SessionDurability.Strict)
        {
            // Nothing leaves before it is written: what the old node could not write goes to the new owner.
            Assert.Empty(sentByTheOld);
            Assert.Equal(["{event:[-1,'i'],new:[]}", "{event:[-2,'i'],old:[1]}", "{event:[-3,'i'],old:[2]}", "{event:[-4,'i'],late:[]}"], stored);
        }
        else
        {
            Assert.Equal(["{event:[-1,'i'],old:[1]}", "{event:[-2,'i'],old:[2]}"], sentByTheOld); // while it was cut off, and did not know
            Assert.Equal(["{event:[-1,'i'],new:[]}", "{event:[-2,'i'],late:[]}"], stored);
        }
    }

    [Theory]
    [InlineData(SessionDurability.OnDisconnect)]
    [InlineData(SessionDurability.Continuous)]
    [InlineData(SessionDurability.Strict)]
    public async Task ReturnedNode_WithoutTheEpochCheck_SendsAndMixesItsEventsIntoTheSession(SessionDurability durability)
    {
        (IReadOnlyList<string> sentByTheOld, IReadOnlyList<string> stored) = await RunAsync(durability, isFenced: false);

        Assert.Contains("{event:[-3,'i'],late:[]}", sentByTheOld);
        Assert.Equal("{event:[-1,'i'],new:[]}", stored[0]);
        Assert.Contains("{event:[-2,'i'],old:[2]}", stored); // and the one before it is lost
    }

    /// <returns>What the first node sends to the client that it still has; and what a client is sent that comes back after all of that and has nothing.</returns>
    private static async Task<(IReadOnlyList<string> SentByTheOld, IReadOnlyList<string> Stored)> RunAsync(SessionDurability durability, bool isFenced)
    {
        await using var cluster = new JstpTestCluster(durability, decorate: isFenced ? null : static store => new UnfencedSessionStore(store));
        JstpPeer before = await cluster.Nodes[0].ConnectAsync();
        JstpConnection old = Assert.Single(cluster.Nodes[0].Server.Clients);
        await cluster.AdvanceAsync(JournalInterval);
        cluster.CutOff(0);
        old.Emit("i", "old", 1);
        old.Emit("i", "old", 2);

        JstpPeer after = await TakeAsync(cluster, 1, before.SessionId);
        Assert.Single(cluster.Nodes[1].Server.Clients).Emit("i", "new");
        await after.ExpectAsync("{event:[-1,'i'],new:[]}");
        await LoseAsync(cluster, after);

        await cluster.ReturnAsync(0);
        old.Emit("i", "late");
        IReadOnlyList<string> sentByTheOld = await before.ReceiveAllNowAsync();
        Assert.Equal(isFenced, before.HasEnded);
        await LoseAsync(cluster, before);
        await cluster.KillAsync(0);
        await cluster.KillAsync(1); // so that nothing counts but the store

        cluster.Add();
        JstpPeer end = await TakeAsync(cluster, 2, before.SessionId);
        await cluster.AdvanceAsync(JournalInterval);

        return (sentByTheOld, await end.ReceiveAllNowAsync());
    }

    private static async Task<JstpPeer> TakeAsync(JstpTestCluster cluster, int index, string sessionId)
    {
        JstpPeer peer = cluster.Nodes[index].Open();
        peer.Send($"{{handshake:[0,'app'],session:['{sessionId}',0]}}");
        await cluster.AdvanceAsync(cluster.Nodes[index].Server.Options.HandOverTimeout);
        Assert.StartsWith("{handshake:[0],ok:", await peer.ReceiveAsync(), StringComparison.Ordinal);

        return peer;
    }

    private static async Task LoseAsync(JstpTestCluster cluster, JstpPeer peer)
    {
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
        await cluster.AdvanceAsync(JournalInterval);
    }
}
