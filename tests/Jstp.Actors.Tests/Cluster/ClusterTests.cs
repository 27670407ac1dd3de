using System.Diagnostics.Metrics;
using Jstp.Actors.Cluster;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.TestKit;
using Jstp.TestKit.Persistence;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Cluster;

public sealed class ClusterTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly MemorySessionStore _memory = new();
    private readonly FaultySessionStore _store;
    private readonly JstpTestServer _server;
    private ForeignNode _foreign = null!;

    public ClusterTests()
    {
        _store = new FaultySessionStore(_memory);
        _server = new JstpTestServer(configure: options =>
        {
            options.SessionStore = _store;
            options.Durability = SessionDurability.Strict; // which writes at once, while the other modes wait for the clock
            options.AddApplication("other", "1.0.0", static _ => { });
            options.UseAuthenticator(static (context, _) => ValueTask.FromResult<string?>(context.Credentials.AsString()));
        });
    }

    private JstpCluster Cluster => _server.Server.Cluster;

    private int Number => Cluster.NodeNumber;

    public async Task InitializeAsync()
    {
        await _server.Server.StartAsync();
        _foreign = await ForeignNode.JoinAsync(_memory);
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _foreign.DisposeAsync();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        await _memory.DisposeAsync();
    }

    [Fact]
    public async Task BroadcastAsync_ReachesClientsHereAndIsSaidToOthersOnce()
    {
        JstpPeer here = await _server.ConnectAsync();
        JstpPeer other = await _server.ConnectAsync("other");

        await Cluster.BroadcastToAsync("app", "room", "said", "hello");
        await Cluster.BroadcastAsync("room", "closed");
        ClusterMessage.Broadcast toApp = await _foreign.ExpectAsync<ClusterMessage.Broadcast>();
        ClusterMessage.Broadcast toAll = await _foreign.ExpectAsync<ClusterMessage.Broadcast>();

        await here.ExpectAsync("{event:[-1,'room'],said:['hello']}", "{event:[-2,'room'],closed:[]}");
        await other.ExpectAsync("{event:[-1,'room'],closed:[]}");
        Assert.Equal(("app", ",'room'],said:['hello']}"), (toApp.Application, System.Text.Encoding.UTF8.GetString(toApp.Tail.Span)));
        Assert.Null(toAll.Application);
        await here.ExpectNothingAsync(); // a node does not hear itself
    }

    [Fact]
    public async Task Heard_Broadcast_ReachesTheClientsOfTheApplication()
    {
        JstpPeer here = await _server.ConnectAsync();
        JstpPeer other = await _server.ConnectAsync("other");

        _foreign.Say(new ClusterMessage.Broadcast("app", ",'room'],said:['a']}"u8.ToArray()), new ClusterMessage.Broadcast(null, ",'room'],said:['b']}"u8.ToArray()));

        await here.ExpectAsync("{event:[-1,'room'],said:['a']}", "{event:[-2,'room'],said:['b']}");
        await other.ExpectAsync("{event:[-1,'room'],said:['b']}");
    }

    [Fact]
    public async Task Heard_UnknownAndUnreadable_IsCountedAndTheRestIsHandled()
    {
        JstpPeer peer = await _server.ConnectAsync();
        List<string?> ignored = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "jstp.cluster.messages_ignored")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => ignored.Add($"{count} {tags[0].Value}"));
        listener.Start();

        _foreign.SayRaw("no message"u8);
        _foreign.SayRaw("neither"u8);
        _foreign.SayRaw("[{\"kind\":\"tomorrow\"},{\"kind\":\"broadcast\",\"event\":\",'room'],said:[]}\"}]"u8);

        await peer.ExpectAsync("{event:[-1,'room'],said:[]}");
        Assert.Equal(["1 unreadable", "1 unreadable", "1 unknown"], ignored);
        Assert.Single(_server.Logs.WithId(2400));
    }

    [Fact]
    public async Task SendToSessionAsync_SessionOfAnotherNode_IsLeftAndItsOwnerIsTold()
    {
        long key = await _memory.AddAsync(_foreign.Membership.Number, "theirs");

        bool isThere = await Cluster.SendToSessionAsync("theirs", "mail", "arrived", 1);
        ClusterMessage.Posted posted = await _foreign.ExpectAsync<ClusterMessage.Posted>();

        Assert.True(isThere);
        Assert.Equal([key], posted.SessionKeys);
        Assert.Equal([",'mail'],arrived:[1]}"], await _memory.ReadPostsAsync(key));
    }

    [Fact]
    public async Task SendToSessionAsync_NoSuchSession_GivesFalse() =>
        Assert.False(await Cluster.SendToSessionAsync("nobody's", "mail", "arrived"));

    [Fact]
    public async Task SendToSessionAsync_StoreFails_ThrowsAndTheNextGoesOn()
    {
        long key = await _memory.AddAsync(_foreign.Membership.Number, "theirs");
        _store.Fault = StoreFault.Unreachable;

        await Assert.ThrowsAsync<SessionStoreException>(() => Cluster.SendToSessionAsync("theirs", "mail", "arrived", 1));
        _store.Fault = StoreFault.None;
        await Cluster.SendToSessionAsync("theirs", "mail", "arrived", 2);

        Assert.Equal([",'mail'],arrived:[2]}"], await _memory.ReadPostsAsync(key));
    }

    [Fact]
    public async Task SendToSessionAsync_ManyWhileTheStoreIsBusy_AreLeftTogetherInOrder()
    {
        long key = await _memory.AddAsync(_foreign.Membership.Number, "theirs");
        _store.Fault = StoreFault.Blocked;
        Task<bool>[] sent = [.. Enumerable.Range(1, 500).Select(number => Cluster.SendToSessionAsync("theirs", "mail", "arrived", number))];
        await Patience.UntilAsync(() => _store.WaitingCount == 1, "the first batch to wait");

        _store.Fault = StoreFault.None;
        await Task.WhenAll(sent).WithinLimitAsync("the events to be left");
        await _foreign.ExpectAsync<ClusterMessage.Posted>();

        Assert.Equal(Enumerable.Range(1, 500).Select(number => $",'mail'],arrived:[{number}]}}"), await _memory.ReadPostsAsync(key));
        await _server.SettleAsync();
        Assert.InRange(_foreign.TextCount, 1, 3); // one for each batch, and the first batch takes what is there
    }

    [Fact]
    public async Task SendToUserAsync_SessionsOnSeveralNodes_AreLeftAndOwnersAreTold()
    {
        int foreign = _foreign.Membership.Number;
        long first = await _memory.AddAsync(foreign, "first", "ann");
        long second = await _memory.AddAsync(foreign, "second", "ann", "other");
        long away = await _memory.AddAsync(foreign, "away", "ann", transition: SessionTransition.Released);
        long bobs = await _memory.AddAsync(foreign, "bobs", "bob");

        int count = await Cluster.SendToUserAsync(null, "ann", "mail", "arrived");
        ClusterMessage.Posted posted = await _foreign.ExpectAsync<ClusterMessage.Posted>();
        int countInApp = await Cluster.SendToUserAsync("other", "ann", "mail", "gone");

        Assert.Equal((3, 1), (count, countInApp));
        Assert.Equal([first, second], posted.SessionKeys.Order());
        Assert.Single(await _memory.ReadPostsAsync(away));
        Assert.Equal(2, (await _memory.ReadPostsAsync(second)).Count);
        Assert.Empty(await _memory.ReadPostsAsync(bobs));
    }

    [Fact]
    public async Task DisconnectUserAsync_ClosesTheUsersConnectionsHereAndIsSaidToOthers()
    {
        JstpPeer ann = await LogInAsync("ann");
        JstpPeer bob = await LogInAsync("bob");

        await Cluster.DisconnectUserAsync("app", "ann");
        ClusterMessage.DisconnectUser said = await _foreign.ExpectAsync<ClusterMessage.DisconnectUser>();

        await ann.ExpectCloseAsync(1000);
        await bob.ExpectNothingAsync();
        Assert.Equal(("app", "ann"), (said.Application, said.UserName));
    }

    [Fact]
    public async Task Heard_Disconnect_ClosesThoseThatAreMeant()
    {
        JstpPeer ann = await LogInAsync("ann");
        JstpPeer bob = await LogInAsync("bob");
        JstpPeer eve = await LogInAsync("eve");

        _foreign.Say(
            new ClusterMessage.DisconnectUser("other", "bob"),
            new ClusterMessage.DisconnectUser(null, "ann"),
            new ClusterMessage.DisconnectSession(eve.SessionId));

        await ann.ExpectCloseAsync(1000);
        await eve.ExpectCloseAsync(1000);
        await bob.ExpectNothingAsync();
    }

    [Fact]
    public async Task FindSessionsAsync_ListsWhatIsInTheStore()
    {
        await _memory.AddAsync(_foreign.Membership.Number, "first", "ann");
        await _memory.AddAsync(_foreign.Membership.Number, "away", "ann", transition: SessionTransition.Detached);

        IReadOnlyList<SessionPresence> sessions = await Cluster.FindSessionsAsync(new SessionFilter(UserName: "ann", IsConnected: true));

        Assert.Equal(new SessionPresence("first", "app", "ann", _foreign.Membership.Number, IsConnected: true), Assert.Single(sessions));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Cluster.FindSessionsAsync(default, limit: 0));
    }

    [Fact]
    public async Task GetNodesAsync_ListsAllAndTellsChanges()
    {
        int changes = 0;
        Cluster.NodesChanged += _ => changes++;

        _foreign.Say(ClusterMessage.NodesChanged.Instance);
        IReadOnlyList<NodeInfo> nodes = await Cluster.GetNodesAsync();

        Assert.Equal([("test", NodeState.Up), ("foreign", NodeState.Starting)], nodes.Select(node => (node.Name, node.State)));
        Assert.Equal(Number, nodes[0].Number);
        await Patience.UntilAsync(() => changes == 1, "the event");
    }

    [Fact]
    public async Task IsReady_WhileTheStoreIsAway_IsFalse()
    {
        bool before = _server.Server.IsReady;

        _store.SetCutOff(true);
        bool during = _server.Server.IsReady;
        _store.SetCutOff(false);
        await _server.Logs.WaitForAsync(2402);

        Assert.Equal((true, false, true), (before, during, _server.Server.IsReady));
    }

    private async Task<JstpPeer> LogInAsync(string user)
    {
        JstpPeer peer = _server.Open();
        peer.Send($"{{handshake:[0,'app'],as:'{user}'}}");
        await peer.ExpectSessionAsync();

        return peer;
    }
}
