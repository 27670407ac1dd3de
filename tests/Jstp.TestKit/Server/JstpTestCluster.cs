using Jstp.Actors.Applications;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.TestKit.Persistence;

namespace Jstp.TestKit.Server;

/// <summary>Several <see cref="JstpTestServer"/>s that share a session store in memory and a clock. Each has its own, breakable way to the store.</summary>
public sealed class JstpTestCluster : IAsyncDisposable
{
    private const int JournalFailed = 2120;
    private const int PostOfficeFailed = 2130;

    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(2);

    private readonly ISessionStore _store;
    private readonly Action<JstpApplicationBuilder>? _application;
    private readonly Action<JstpServerOptions>? _configure;

    /// <summary>Starts nodes.</summary>
    /// <param name="durability">Of all of them.</param>
    /// <param name="application">Adds interfaces to the application that each serves.</param>
    /// <param name="configure">Sets further options of each.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="decorate">Puts something before the store, which all share; null for nothing.</param>
    public JstpTestCluster(
        SessionDurability durability,
        Action<JstpApplicationBuilder>? application = null,
        Action<JstpServerOptions>? configure = null,
        int count = 2,
        Func<ISessionStore, ISessionStore>? decorate = null)
    {
        var store = new MemorySessionStore(Time);
        _store = decorate?.Invoke(store) ?? store;
        _application = application;
        _configure = configure;
        Durability = durability;

        for (int i = 0; i < count; i++)
        {
            Add();
        }
    }

    /// <summary>The clock of all nodes.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <summary>What the nodes promise.</summary>
    public SessionDurability Durability { get; }

    /// <summary>The nodes, in the order of their start. Those that were killed stay in the list.</summary>
    public IList<JstpTestServer> Nodes { get; } = [];

    /// <summary>The way of each node to the store.</summary>
    public IList<FaultySessionStore> Stores { get; } = [];

    /// <summary>What the store really holds.</summary>
    public ISessionStore Store => _store;

    /// <summary>Starts one more node.</summary>
    public JstpTestServer Add()
    {
        var store = new FaultySessionStore(_store);
        Stores.Add(store);
        var node = new JstpTestServer(
            _application,
            options =>
            {
                options.Node = $"node-{Stores.Count}";
                options.SessionStore = store;
                options.Durability = Durability;
                _configure?.Invoke(options);
            },
            Time);
        node.Server.StartAsync().GetAwaiter().GetResult(); // the store is in memory, and ready at once
        Nodes.Add(node);

        return node;
    }

    /// <summary>Waits until no actor of any node moves. What the nodes say to each other may still be on its way.</summary>
    public Task SettleAsync() => Settlement.WaitAsync([.. Nodes.Select(static node => node.Server.System)]);

    /// <summary>Moves the clock from timer to timer.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await SettleAsync();

        while (Time.NextTimerDueIn is { } next && next <= by)
        {
            Time.Advance(next);
            by -= next;
            await SettleAsync();
        }

        Time.Advance(by);
        await SettleAsync();
    }

    /// <summary>
    /// Kills a node, as <c>kill -9</c> would: nothing that it does from now on reaches the store, and the others hold it for dead. The test loses its clients
    /// before: in this process the server has to be stopped, and would say goodbye.
    /// </summary>
    public async Task KillAsync(int index)
    {
        bool wasCutOff = Stores[index].Fault == StoreFault.Unreachable;
        Stores[index].Fault = StoreFault.Dead;
        await Nodes[index].Server.Membership!.DisposeAsync();

        if (wasCutOff)
        {
            await AdvanceAsync(LongestRetryDelay); // or it would not stop before it had tried once more
        }

        await Nodes[index].StopAsync();
    }

    /// <summary>Cuts a node off from the store and the bus. The others do not hold it for dead: it may have lost its way only for a moment.</summary>
    public void CutOff(int index)
    {
        Nodes[index].Logs.Allow(JournalFailed);
        Nodes[index].Logs.Allow(PostOfficeFailed);
        Stores[index].Fault = StoreFault.Unreachable;
        Stores[index].SetCutOff(true);
    }

    /// <summary>The node finds its way to the store again, and has tried everything once more that it had to put off.</summary>
    public async Task ReturnAsync(int index)
    {
        Stores[index].Fault = StoreFault.None;
        Stores[index].SetCutOff(false);
        await AdvanceAsync(LongestRetryDelay);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (JstpTestServer node in Nodes)
        {
            await node.DisposeAsync();
        }

        await _store.DisposeAsync();
    }
}
