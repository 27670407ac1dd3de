using Jstp.Actors.Cluster;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.TestKit;
using Jstp.TestKit.Persistence;

namespace Jstp.Actors.Tests.Cluster;

public sealed class PurgeTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly ActorTestKit _kit = new();
    private readonly ClusterMetrics _metrics = new("test", static () => true);
    private readonly MemorySessionStore _memory;
    private readonly FaultySessionStore _store;
    private readonly JstpServerOptions _options;

    public PurgeTests()
    {
        _memory = new MemorySessionStore(_kit.Time);
        _store = new FaultySessionStore(_memory);
        _options = new JstpServerOptions { SessionStore = _store, InactiveSessionLifetime = TimeSpan.FromHours(1) };
    }

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _kit.DisposeAsync();
        _metrics.Dispose();
        await _store.DisposeAsync();
        await _memory.DisposeAsync();
    }

    [Fact]
    public async Task Purge_SessionNobodyCameBackTo_IsDeletedOthersStay()
    {
        INodeMembership node = await SpawnAsync("first");
        await _memory.AddAsync(node.Number, "gone", transition: SessionTransition.Released);
        await _memory.AddAsync(node.Number, "here");

        await _kit.AdvanceAsync(TimeSpan.FromMinutes(59));
        int before = await CountAsync();
        await _kit.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal((2, 1), (before, await CountAsync()));
    }

    [Fact]
    public async Task Purge_MoreThanABatch_GoesOnAfterAPause()
    {
        INodeMembership node = await SpawnAsync("first");

        for (int i = 0; i <= PurgeActor.BatchSize; i++)
        {
            await _memory.AddAsync(node.Number, $"gone-{i}", transition: SessionTransition.Released);
        }

        await _kit.AdvanceAsync(TimeSpan.FromHours(1));
        int afterOne = await CountAsync();
        await _kit.AdvanceAsync(PurgeActor.Pause);

        Assert.Equal((1, 0), (afterOne, await CountAsync()));
    }

    [Fact]
    public async Task Purge_SeveralNodes_OnlyTheOldestDoesIt()
    {
        INodeMembership oldest = await _memory.JoinAsync("oldest", CancellationToken.None);
        INodeMembership node = await SpawnAsync("younger");
        await _memory.AddAsync(node.Number, "gone", transition: SessionTransition.Released);

        await _kit.AdvanceAsync(TimeSpan.FromHours(2));
        int whileYounger = await CountAsync();
        await oldest.DisposeAsync();
        await _kit.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((1, 0), (whileYounger, await CountAsync()));
    }

    [Fact]
    public async Task Purge_StoreFails_SaysSoOnceAndTriesAgain()
    {
        INodeMembership node = await SpawnAsync("first");
        await _memory.AddAsync(node.Number, "gone", transition: SessionTransition.Released);
        _store.Fault = StoreFault.Unreachable;

        await _kit.AdvanceAsync(TimeSpan.FromHours(2));
        int warnings = _kit.Logs.WithId(2420).Count;
        _store.Fault = StoreFault.None;
        await _kit.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((1, 0), (warnings, await CountAsync()));
    }

    private async Task<INodeMembership> SpawnAsync(string name)
    {
        INodeMembership membership = await _store.JoinAsync(name, CancellationToken.None);
        _kit.System.Spawn("purge", () => new PurgeActor(_options, membership, _metrics));

        return membership;
    }

    private async Task<int> CountAsync() => (await _memory.FindAsync(default, int.MaxValue, CancellationToken.None)).Count;
}
