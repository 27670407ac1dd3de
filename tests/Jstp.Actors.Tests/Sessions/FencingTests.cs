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
    [Theory]
    [InlineData(SessionDurability.OnDisconnect)]
    [InlineData(SessionDurability.Continuous)]
    [InlineData(SessionDurability.Strict)]
    public async Task ReturnedNode_WithTheEpochCheck_NeitherWritesNorSends(SessionDurability durability)
    {
        IReadOnlyList<string> stored = await RunAsync(durability, isFenced: true);

        Assert.Equal(["{event:[-1,'i'],new:[]}", .. Reposted(durability)], stored);
    }

    [Theory]
    [InlineData(SessionDurability.OnDisconnect)]
    [InlineData(SessionDurability.Continuous)]
    [InlineData(SessionDurability.Strict)]
    public async Task ReturnedNode_WithoutTheEpochCheck_HarmsTheSession(SessionDurability durability)
    {
        IReadOnlyList<string> stored = await RunAsync(durability, isFenced: false);

        Assert.NotEqual(["{event:[-1,'i'],new:[]}", .. Reposted(durability)], stored);
    }

    // Where nothing leaves before it is written, what a node could not write has not left, and goes to the new owner.
    private static IEnumerable<string> Reposted(SessionDurability durability) =>
        durability == SessionDurability.Strict ? ["{event:[-2,'i'],old:[]}"] : [];

    /// <returns>What a client that comes back after all of that, and has nothing, is sent.</returns>
    private static async Task<IReadOnlyList<string>> RunAsync(SessionDurability durability, bool isFenced)
    {
        await using var cluster = new JstpTestCluster(durability, decorate: isFenced ? null : static store => new UnfencedSessionStore(store));
        JstpPeer before = await cluster.Nodes[0].ConnectAsync();
        JstpConnection old = Assert.Single(cluster.Nodes[0].Server.Clients);
        await cluster.AdvanceAsync(TimeSpan.FromMilliseconds(5));
        cluster.CutOff(0);
        old.Emit("i", "old"); // which waits to be written

        JstpPeer after = cluster.Nodes[1].Open();
        after.Send($"{{handshake:[0,'app'],session:['{before.SessionId}',0]}}");
        await cluster.AdvanceAsync(cluster.Nodes[1].Server.Options.HandOverTimeout);
        await after.ExpectAsync("{handshake:[0],ok:0}");
        Assert.Single(cluster.Nodes[1].Server.Clients).Emit("i", "new");
        await after.ExpectAsync("{event:[-1,'i'],new:[]}");
        await cluster.AdvanceAsync(TimeSpan.FromMilliseconds(5));

        before.Send("{call:[1,'i'],m:[]}");
        await cluster.SettleAsync();
        before.Lose(); // so that the first node has all the more to write
        await cluster.ReturnAsync(0);
        await cluster.AdvanceAsync(TimeSpan.FromMilliseconds(5));

        after.Lose();
        await after.Released.WithinLimitAsync("the connection to end");
        await cluster.SettleAsync();
        await cluster.KillAsync(1); // so that nothing counts but the store
        JstpTestServer last = cluster.Add();
        JstpPeer end = last.Open();
        end.Send($"{{handshake:[0,'app'],session:['{before.SessionId}',0]}}");
        await cluster.AdvanceAsync(last.Server.Options.HandOverTimeout);
        Assert.StartsWith("{handshake:[0],ok:", await end.ReceiveAsync(), StringComparison.Ordinal);
        await cluster.AdvanceAsync(TimeSpan.FromMilliseconds(5));
        List<string> received = [];

        while (await end.TryReceiveNowAsync() is { } text)
        {
            received.Add(text);
        }

        return received;
    }
}
