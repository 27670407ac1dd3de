using Jstp.Actors.Cluster;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.TestKit;
using Jstp.TestKit.Persistence;
using Jstp.TestKit.Server;
using Microsoft.Extensions.Options;

namespace Jstp.Actors.Tests.Cluster;

/// <summary>A server's life as a node: start, drain, stop.</summary>
public sealed class NodeTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly MemorySessionStore _memory = new();
    private readonly FaultySessionStore _store;

    public NodeTests() => _store = new FaultySessionStore(_memory);

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _memory.DisposeAsync();
    }

    [Fact]
    public async Task StartAsync_JoinsAndIsReady()
    {
        await using JstpTestServer server = CreateServer();
        (NodeState, bool) before = (server.Server.State, server.Server.IsReady);

        await server.Server.StartAsync();

        NodeInfo node = Assert.Single(await server.Server.Cluster.GetNodesAsync());
        Assert.Equal((NodeState.Starting, false), before);
        Assert.Equal((NodeState.Up, true), (server.Server.State, server.Server.IsReady));
        Assert.Equal(("test", NodeState.Up, server.Server.Membership!.Number), (node.Name, node.State, node.Number));
    }

    [Fact]
    public void Options_HandOverAsLongAsAHandshake_NamesTheKey()
    {
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(
            () => CreateServer(options => options.HandOverTimeout = options.HandshakeTimeout));

        Assert.StartsWith("Jstp:HandOverTimeout ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_ShorterHandshake_ShortensTheHandOver()
    {
        await using JstpTestServer server = CreateServer(options => options.HandshakeTimeout = TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(0.5), server.Server.Options.HandOverTimeout);
    }

    [Fact]
    public async Task StartAsync_StoreCannotBeOpened_NamesTheOptionAndTheCause()
    {
        await using JstpTestServer server = CreateServer();
        _store.Fault = StoreFault.Unreachable;

        SessionStoreException error = await Assert.ThrowsAsync<SessionStoreException>(() => server.Server.StartAsync());

        Assert.StartsWith("Jstp:SessionStore cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("The test has made the store unreachable.", error.InnerException!.Message);
        Assert.False(server.Server.IsReady);
    }

    [Theory]
    [InlineData(StoreFault.Unreachable)]
    [InlineData(StoreFault.AnswersLost)] // the node has joined, and does not know
    public async Task StartAsync_AfterAFailure_TriesAgain(StoreFault fault)
    {
        await using JstpTestServer server = CreateServer();
        _store.Fault = fault;
        await Assert.ThrowsAsync<SessionStoreException>(() => server.Server.StartAsync());
        _store.Fault = StoreFault.None;

        await server.Server.StartAsync();

        Assert.True(server.Server.IsReady);
        Assert.Equal(NodeState.Up, Assert.Single(await server.Server.Cluster.GetNodesAsync()).State);
        await server.ConnectAsync();
    }

    [Fact]
    public async Task StartAsync_StateCannotBeSaid_LeavesAndTriesAgain()
    {
        await using JstpTestServer server = CreateServer(options => options.SessionStore = StateRefusal.Of(_memory));
        await using INodeMembership other = await _memory.JoinAsync("other", CancellationToken.None);
        await Assert.ThrowsAsync<SessionStoreException>(() => server.Server.StartAsync());
        Assert.Single(await other.GetNodesAsync(CancellationToken.None));

        await server.Server.StartAsync();

        Assert.Equal(2, (await other.GetNodesAsync(CancellationToken.None)).Count);
        Assert.True(server.Server.IsReady);
    }

    [Fact]
    public async Task Connect_BeforeTheStart_IsSentAway()
    {
        await using JstpTestServer server = CreateServer();
        JstpPeer early = server.Open();

        await early.ExpectCloseAsync(1001);
        await server.Server.StartAsync();

        await server.ConnectAsync();
    }

    [Fact]
    public async Task Cluster_BeforeTheStart_SaysWhatIsMissing()
    {
        await using JstpTestServer server = CreateServer();

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => server.Server.Cluster.SendToSessionAsync("a", "mail", "arrived"));

        Assert.Contains("StartAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_WithoutAStore_NamesTheOption()
    {
        await using var server = new JstpTestServer();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => server.Server.Cluster);

        Assert.Contains("JstpServerOptions.SessionStore", error.Message, StringComparison.Ordinal);
        Assert.Equal((false, NodeState.Up, true), (server.Server.HasCluster, server.Server.State, server.Server.IsReady));
    }

    [Fact]
    public async Task DrainAsync_SendsClientsAwayWith1001InPacedBatches()
    {
        await using JstpTestServer server = CreateServer(options => options.DrainBatchSize = 2);
        await server.Server.StartAsync();
        JstpPeer[] peers = [.. await ConnectAsync(server, 5)];
        int[] countsBetween = new int[2];

        Task<bool> drained = server.Server.DrainAsync();
        await Patience.UntilAsync(() => server.Server.ClientCount == 3, "the first batch to leave");
        await server.SettleAsync();
        countsBetween[0] = server.Server.ClientCount;
        server.Time.Advance(TimeSpan.FromMilliseconds(100));
        await Patience.UntilAsync(() => server.Server.ClientCount == 1, "the second batch to leave");
        await server.SettleAsync();
        countsBetween[1] = server.Server.ClientCount;
        bool isEarly = drained.IsCompleted;
        server.Time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.True(await drained.WithinLimitAsync("the drain"));
        Assert.Equal([3, 1], countsBetween);
        Assert.False(isEarly);

        foreach (JstpPeer peer in peers)
        {
            await peer.ExpectCloseAsync(1001);
        }
    }

    [Fact]
    public async Task DrainAsync_MoreClientsThanTheTimeAllows_MakesTheBatchesLarger()
    {
        await using JstpTestServer server = CreateServer(options =>
        {
            options.DrainBatchSize = 1;
            options.DrainInterval = TimeSpan.FromSeconds(1);
            options.DrainTimeout = TimeSpan.FromSeconds(4);
        });
        await server.Server.StartAsync();
        await ConnectAsync(server, 10);

        Task<bool> drained = server.Server.DrainAsync(); // two batches go into half of the timeout
        await Patience.UntilAsync(() => server.Server.ClientCount == 5, "the first batch to leave");
        server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await drained.WithinLimitAsync("the drain"));
    }

    [Fact]
    public async Task DrainAsync_RefusesHandshakesAndTellsTheOthers()
    {
        await using JstpTestServer server = CreateServer();
        await server.Server.StartAsync();
        await using ForeignNode foreign = await ForeignNode.JoinAsync(_memory);
        JstpPeer waiting = server.Open();

        await server.Server.DrainAsync().WithinLimitAsync("the drain");
        waiting.Send("{handshake:[0,'app']}");
        JstpPeer late = server.Open();

        await waiting.ExpectCloseAsync(1001);
        await late.ExpectCloseAsync(1001);
        await foreign.ExpectAsync<ClusterMessage.NodesChanged>();
        Assert.Equal((NodeState.Draining, false), (server.Server.State, server.Server.IsReady));
        Assert.Contains(await foreign.Membership.GetNodesAsync(CancellationToken.None), node => node is { Name: "test", State: NodeState.Draining });
    }

    [Fact]
    public async Task StopAsync_WithOtherNodes_DrainsAndLeaves()
    {
        await using JstpTestServer server = CreateServer();
        await server.Server.StartAsync();
        await using ForeignNode foreign = await ForeignNode.JoinAsync(_memory);
        JstpPeer peer = await server.ConnectAsync();
        Task<string?> end = peer.TryReceiveAsync();

        await server.StopAsync();

        Assert.Null(await end);
        Assert.Equal(1001, peer.CloseCode);
        Assert.NotEmpty(server.Logs.WithId(2311));
        Assert.Equal("foreign", Assert.Single(await foreign.Membership.GetNodesAsync(CancellationToken.None)).Name);
    }

    [Fact]
    public async Task StopAsync_Alone_DoesNotDrain()
    {
        await using JstpTestServer server = CreateServer(options => options.DrainBatchSize = 1);
        await server.Server.StartAsync();
        JstpPeer[] peers = [.. await ConnectAsync(server, 3)];
        Task<string?>[] ends = [.. peers.Select(peer => peer.TryReceiveAsync())];

        await server.StopAsync();
        await Task.WhenAll(ends);

        Assert.All(peers, peer => Assert.Equal(1001, peer.CloseCode));
        Assert.Empty(server.Logs.WithId(2311));
        await using INodeMembership later = await _memory.JoinAsync("later", CancellationToken.None);
        Assert.Single(await later.GetNodesAsync(CancellationToken.None)); // the server has left
    }

    private JstpTestServer CreateServer(Action<JstpServerOptions>? configure = null) => new(configure: options =>
    {
        options.SessionStore = _store;
        options.Durability = SessionDurability.Strict; // which writes at once, while the other modes wait for the clock
        configure?.Invoke(options);
    });

    private static async Task<IReadOnlyList<JstpPeer>> ConnectAsync(JstpTestServer server, int count)
    {
        List<JstpPeer> peers = [];

        for (int i = 0; i < count; i++)
        {
            peers.Add(await server.ConnectAsync());
        }

        return peers;
    }
}
