using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>More sessions than may be in memory: those whose clients are away leave it, but none to which a client is just coming back.</summary>
public sealed class SessionRoomTests
{
    [Fact]
    public async Task MakeRoom_ClientAway_LeavesTheMemoryAndIsFoundAgain()
    {
        await using var store = new MemorySessionStore();
        await using JstpTestServer server = await StartAsync(store, gate: null);
        JstpPeer away = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        client.Emit("i", "e", 1);
        away.Lose();
        await away.Released.WithinLimitAsync("the connection to end");

        await server.ConnectAsync();
        await server.SettleAsync();

        Assert.Single(server.Server.Sessions.ChildPaths());
        JstpPeer back = await server.RestoreAsync(away.SessionId, 0, 0);
        await back.ExpectAsync("{event:[-1,'i'],e:[1]}");
        Assert.Contains(client, server.Server.Clients);
    }

    // The session is found, the authenticator is asked, and only then does the connection attach: meanwhile others come, and room is made.
    [Fact]
    public async Task MakeRoom_ClientIsComingBack_LeavesItsSessionAlone()
    {
        var gate = new TaskCompletionSource();
        await using var store = new MemorySessionStore();
        await using JstpTestServer server = await StartAsync(store, gate.Task);
        JstpPeer away = await server.ConnectAsync();
        away.Lose();
        await away.Released.WithinLimitAsync("the connection to end");
        JstpPeer back = server.Open();
        back.Send($"{{handshake:[0,'app'],session:['{away.SessionId}',0]}}");
        await server.SettleAsync();

        await server.ConnectAsync();
        await server.SettleAsync();
        gate.SetResult();

        await back.ExpectAsync("{handshake:[0],ok:0}");
    }

    [Fact]
    public async Task MakeRoom_ClientDoesNotComeBack_LeavesTheMemoryWhenItsHandshakeIsOver()
    {
        var gate = new TaskCompletionSource();
        await using var store = new MemorySessionStore();
        await using JstpTestServer server = await StartAsync(store, gate.Task);
        JstpPeer away = await server.ConnectAsync();
        away.Lose();
        await away.Released.WithinLimitAsync("the connection to end");
        JstpPeer back = server.Open();
        back.Send($"{{handshake:[0,'app'],session:['{away.SessionId}',0]}}");
        await server.SettleAsync();
        await server.ConnectAsync();
        await server.SettleAsync();
        Assert.Equal(2, server.Server.Sessions.ChildPaths().Count);

        back.Lose();
        await server.AdvanceAsync(server.Server.Options.HandshakeTimeout);

        Assert.Single(server.Server.Sessions.ChildPaths());
        gate.SetResult();
    }

    private static async Task<JstpTestServer> StartAsync(ISessionStore store, Task? gate)
    {
        var server = new JstpTestServer(configure: options =>
        {
            options.SessionStore = store;
            options.Durability = SessionDurability.Strict;
            options.MaxSessionsInMemory = 1;
            options.Authenticator = gate is null ? null : new SlowAuthenticator(gate);
        });
        await server.Server.StartAsync();

        return server;
    }

    private sealed class SlowAuthenticator(Task gate) : IJstpAuthenticator
    {
        public ValueTask<string?> AuthenticateAsync(JstpAuthenticationContext context, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

        public async ValueTask<bool> AllowRestoreAsync(string applicationName, string? userName, CancellationToken cancellationToken)
        {
            await gate.WaitAsync(cancellationToken);

            return true;
        }
    }

    // Nobody tells a node what is deleted from the store; it learns of it where that matters.
    [Fact]
    public async Task Emit_SessionWasDeletedFromTheStore_EndsTheConnection()
    {
        await using var cluster = new JstpTestCluster(SessionDurability.Continuous, configure: static options =>
        {
            options.ClientExpirationTime = TimeSpan.FromSeconds(10);
            options.InactiveSessionLifetime = TimeSpan.FromMinutes(1);
        });
        JstpPeer peer = await cluster.Nodes[1].ConnectAsync();
        JstpConnection client = Assert.Single(cluster.Nodes[1].Server.Clients);
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
        await cluster.AdvanceAsync(TimeSpan.FromMinutes(3));
        Assert.False(client.SessionEnded.IsCancellationRequested);

        client.Emit("i", "e");

        await Patience.UntilAsync(() => client.SessionEnded.IsCancellationRequested, "the end of the session");
        Assert.Throws<JstpSessionEndedException>(() => client.Emit("i", "e"));
    }
}
