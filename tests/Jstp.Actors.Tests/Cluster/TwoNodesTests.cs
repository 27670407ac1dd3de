using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Cluster;

/// <summary>Two servers with one store. No clock moves: what happens does so because nodes speak with each other, never because a time is over.</summary>
public sealed class TwoNodesTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly MemorySessionStore _store = new();
    private readonly JstpTestServer _first;
    private readonly JstpTestServer _second;

    public TwoNodesTests()
    {
        _first = CreateServer("first");
        _second = CreateServer("second");
    }

    public async Task InitializeAsync()
    {
        await _first.Server.StartAsync();
        await _second.Server.StartAsync();
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Restore_OnTheOtherNodeWhileConnected_MovesTheSession()
    {
        JstpPeer before = await _first.ConnectAsync();
        before.Send("{call:[1,'bell'],ring:[]}");
        await before.ExpectAsync("{event:[-1,'bell'],rung:[]}", "{callback:[1],ok:[]}");

        JstpPeer after = await _second.RestoreAsync(before.SessionId, receivedCount: 0, expectedCount: 1);

        await after.ExpectAsync("{event:[-1,'bell'],rung:[]}");
        await before.ExpectCloseAsync(1000);
        SessionPresence presence = Assert.Single(await _first.Server.Cluster.FindSessionsAsync(default));
        Assert.Equal((_second.Server.Cluster.NodeNumber, true), (presence.Owner!.Value, presence.IsConnected));
    }

    [Fact]
    public async Task Restore_BackAndForth_KeepsTheSession()
    {
        JstpPeer peer = await _first.ConnectAsync();
        string id = peer.SessionId;

        for (int round = 0; round < 10; round++)
        {
            peer = await (round % 2 == 0 ? _second : _first).RestoreAsync(id, receivedCount: 0, expectedCount: 0);
        }

        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task SendToSessionAsync_ConnectedToTheOtherNode_ArrivesOnceAndInOrder()
    {
        JstpPeer peer = await _first.ConnectAsync();

        for (int number = 1; number <= 20; number++)
        {
            Assert.True(await _second.Server.Cluster.SendToSessionAsync(peer.SessionId, "mail", "arrived", number));
        }

        await peer.ExpectAsync(Enumerable.Range(1, 20).Select(number => $"{{event:[-{number},'mail'],arrived:[{number}]}}"));
        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task SendToUserAsync_AwayAndConnected_ReachesBoth()
    {
        JstpPeer here = await LogInAsync(_first, "ann");
        JstpPeer there = await LogInAsync(_second, "ann");
        JstpPeer away = await LogInAsync(_first, "ann");
        away.Lose();
        await away.Released.WithinLimitAsync("the connection to end");

        int count = await _second.Server.Cluster.SendToUserAsync("app", "ann", "mail", "arrived");
        JstpPeer back = await _second.RestoreAsync(away.SessionId, receivedCount: 0, expectedCount: 0);

        Assert.Equal(3, count);
        await here.ExpectAsync("{event:[-1,'mail'],arrived:[]}");
        await there.ExpectAsync("{event:[-1,'mail'],arrived:[]}");
        await back.ExpectAsync("{event:[-1,'mail'],arrived:[]}");
    }

    [Fact]
    public async Task Broadcast_ReachesTheClientsOfBothNodes()
    {
        JstpPeer here = await _first.ConnectAsync();
        JstpPeer there = await _second.ConnectAsync();

        await _first.Server.Cluster.BroadcastAsync("room", "said", "hello");

        await here.ExpectAsync("{event:[-1,'room'],said:['hello']}");
        await there.ExpectAsync("{event:[-1,'room'],said:['hello']}");
    }

    [Fact]
    public async Task DisconnectSessionAsync_OnTheOtherNode_ClosesItsConnectionOnly()
    {
        JstpPeer meant = await _second.ConnectAsync();
        JstpPeer other = await _second.ConnectAsync();

        await _first.Server.Cluster.DisconnectSessionAsync(meant.SessionId);

        await meant.ExpectCloseAsync(1000);
        await other.ExpectNothingAsync();
    }

    [Fact]
    public async Task DrainAsync_ReleasesEverySession_AndClientsGoOnElsewhere()
    {
        JstpPeer connected = await _first.ConnectAsync();
        JstpPeer away = await _first.ConnectAsync();
        away.Lose();
        await away.Released.WithinLimitAsync("the connection to end");

        bool isDone = await _first.Server.DrainAsync().WithinLimitAsync("the drain");
        IReadOnlyList<SessionPresence> sessions = await _second.Server.Cluster.FindSessionsAsync(default);

        Assert.True(isDone);
        await connected.ExpectCloseAsync(1001);
        Assert.Equal(2, sessions.Count);
        Assert.All(sessions, session => Assert.Null(session.Owner));
        await _second.RestoreAsync(connected.SessionId, receivedCount: 0, expectedCount: 0);
        await _second.RestoreAsync(away.SessionId, receivedCount: 0, expectedCount: 0);
    }

    private static async Task<JstpPeer> LogInAsync(JstpTestServer server, string user)
    {
        JstpPeer peer = server.Open();
        peer.Send($"{{handshake:[0,'app'],as:'{user}'}}");
        await peer.ExpectSessionAsync();

        return peer;
    }

    private static void Configure(JstpApplicationBuilder application) =>
        application.AddInterface("bell", bell => bell.Method("ring", static (JstpConnection client) => client.Emit("bell", "rung")));

    private JstpTestServer CreateServer(string node) => new(Configure, options =>
    {
        options.Node = node;
        options.SessionStore = _store;
        options.Durability = SessionDurability.Strict; // which writes at once, while the other modes wait for the clock
        options.UseAuthenticator(static (context, _) => ValueTask.FromResult<string?>(context.Credentials.AsString()));
    });
}
