using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>What a server does while its store cannot be reached (docs/cluster.md, "When the store is away").</summary>
public sealed class StoreAwayTests
{
    private static readonly TimeSpan JournalInterval = TimeSpan.FromMilliseconds(5);

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

    [Fact]
    public async Task Restore_SessionInMemoryExpiresMeanwhile_IsStillFoundAtOnce()
    {
        await using var cluster = CreateCluster(SessionDurability.Continuous);
        JstpPeer peer = await cluster.Nodes[0].ConnectAsync();
        await cluster.AdvanceAsync(JournalInterval);
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
        cluster.CutOff(0);

        await cluster.AdvanceAsync(cluster.Nodes[0].Server.Options.ClientExpirationTime);

        await cluster.Nodes[0].RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 0);
        await cluster.ReturnAsync(0);
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

    private static JstpTestCluster CreateCluster(SessionDurability durability) =>
        new(
            durability,
            static application => application.AddInterface("i", static i => i.Method("echo", static (int number) => number)),
            static options => options.ClientExpirationTime = TimeSpan.FromSeconds(10));
}
