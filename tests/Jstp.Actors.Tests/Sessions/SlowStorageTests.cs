using System.Diagnostics.Metrics;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>A session's actor waits for a storage that does not answer: what is sent meanwhile has a bound, and who comes meanwhile is not kept for ever.</summary>
public sealed class SlowStorageTests : IDisposable
{
    private const int HandshakeTimedOut = 2300;
    private const int OutboxFull = 2305;
    private const int Limit = 300;

    private readonly SlowStorage _storage = new();

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task Emit_MoreThanTheLimit_IsRefusedAndTheSessionEnds()
    {
        await using JstpTestServer server = CreateServer(BufferOverflowPolicy.EndConnection);
        (JstpPeer peer, JstpConnection client) = await DetachAsync(server);

        int refused = CountRefused(() => Emit(client, 1, Limit + 7));

        Assert.Equal(7, refused);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.CallAsync("desk", "sign").WithinLimitAsync("the refusal"));
        Assert.Single(server.Logs.WithId(OutboxFull));
        _storage.Open();
        await Patience.UntilAsync(() => client.SessionEnded.IsCancellationRequested, "the end of the session");
        JstpPeer next = server.Open();
        next.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");
        await next.ExpectAsync("{handshake:[0],error:[11]}");
    }

    [Fact]
    public async Task Emit_MoreThanTheLimitAndRefuseNewest_KeepsWhatWasAccepted()
    {
        await using JstpTestServer server = CreateServer(BufferOverflowPolicy.RefuseNewest);
        (JstpPeer peer, JstpConnection client) = await DetachAsync(server);

        int refused = CountRefused(() => Emit(client, 1, Limit + 7));

        Assert.Equal(7, refused);
        _storage.Open();
        await server.SettleAsync();
        JstpPeer next = await server.RestoreAsync(peer.SessionId, receivedCount: 0, expectedCount: 0);
        await next.ExpectAsync(Enumerable.Range(1, Limit).Select(static number => $"{{event:[-{number},'i'],e:[{number}]}}"));
        next.Send($"{{callback:[-{Limit}],ok:[]}}");
        await server.SettleAsync();
        client.Emit("i", "last");
        await next.ExpectAsync($"{{event:[-{Limit + 1},'i'],last:[]}}");
    }

    [Fact]
    public async Task Emit_LongerThanTheLimitInBytes_IsRefused()
    {
        const int Length = 100_000;

        await using JstpTestServer server = CreateServer(BufferOverflowPolicy.RefuseNewest, static options => options.MaxUnacknowledgedBytes = 3 * Length);
        (_, JstpConnection client) = await DetachAsync(server);

        int refused = CountRefused(() =>
        {
            for (int i = 0; i < 5; i++)
            {
                client.Emit("i", "e", new string('x', Length));
            }
        });

        Assert.Equal(2, refused);
        _storage.Open();
    }

    // The client came back before the limit was reached, so its connection gets what waits, and not the session's actor.
    [Fact]
    public async Task Emit_MoreThanTheLimitBeforeAWaitingConnectionHasTheSession_EndsBoth()
    {
        var authenticator = new EmittingAuthenticator();
        await using JstpTestServer server = CreateServer(BufferOverflowPolicy.EndConnection, options => options.Authenticator = authenticator);
        (JstpPeer next, JstpConnection client) = await AttachInVainAsync(server, authenticator);
        Emit(client, 2, Limit + 2);

        _storage.Open();

        IReadOnlyList<string> received = await next.ReceiveAllAsync();
        Assert.Equal(1008, next.CloseCode);
        Assert.Equal(["{handshake:[0],ok:0}", "{event:[-1,'i'],e:[1]}"], received.Take(2));
        Assert.DoesNotContain(received, static text => text.Contains($"e:[{Limit + 2}]", StringComparison.Ordinal));
        await Patience.UntilAsync(() => client.SessionEnded.IsCancellationRequested, "the end of the session");
    }

    [Fact]
    public async Task Restore_StorageHangsBeforeTheSessionIsAttached_EndsWithTheHandshakeTimeout()
    {
        var authenticator = new EmittingAuthenticator();
        await using JstpTestServer server = CreateServer(BufferOverflowPolicy.EndConnection, options => options.Authenticator = authenticator);
        (JstpPeer next, _) = await AttachInVainAsync(server, authenticator);

        server.Time.Advance(server.Server.Options.HandshakeTimeout);

        await next.ExpectCloseAsync(1011);
        Assert.Single(server.Logs.WithId(HandshakeTimedOut));
        _storage.Open();
    }

    /// <summary>A client comes back, and once that is allowed, the session's actor waits for the storage before the connection gets the session.</summary>
    private async Task<(JstpPeer Next, JstpConnection Client)> AttachInVainAsync(JstpTestServer server, EmittingAuthenticator authenticator)
    {
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
        await server.SettleAsync();
        authenticator.BeforeRestore = async () =>
        {
            _storage.Close();
            client.Emit("i", "e", 1);
            await Patience.UntilAsync(() => _storage.WaitingCount == 1, "the session's actor to wait for the storage");
        };

        JstpPeer next = server.Open();
        next.Send($"{{handshake:[0,'app'],session:['{peer.SessionId}',0]}}");
        await Patience.UntilAsync(() => _storage.WaitingCount == 1 && server.Server.System.Root.FindChild("connections")!.ChildCells.Length == 0, "the handshake to be decided");
        await server.Time.WaitForTimerAsync(server.Server.Options.HandshakeTimeout);

        return (next, client);
    }

    private static void Emit(JstpConnection client, int first, int last)
    {
        for (int number = first; number <= last; number++)
        {
            client.Emit("i", "e", number);
        }
    }

    private JstpTestServer CreateServer(BufferOverflowPolicy policy, Action<JstpServerOptions>? configure = null) => new(configure: options =>
    {
        options.SessionStorage = _storage;
        options.MaxUnacknowledgedMessages = Limit;
        options.BufferOverflow = policy;
        configure?.Invoke(options);
    });

    /// <summary>Opens a session whose client is away, and whose actor waits for the storage.</summary>
    private async Task<(JstpPeer Peer, JstpConnection Client)> DetachAsync(JstpTestServer server)
    {
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        _storage.Close();
        peer.Lose();
        await Patience.UntilAsync(() => _storage.WaitingCount == 1, "the session to be stored");

        return (peer, client);
    }

    private static int CountRefused(Action send)
    {
        int count = 0;
        Thread sender = Thread.CurrentThread;
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, itself) =>
        {
            if (instrument.Name == "jstp.server.sends_refused")
            {
                itself.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => count += Thread.CurrentThread == sender ? (int)measurement : 0); // other tests send, too
        listener.Start();
        send();

        return count;
    }

    private sealed class EmittingAuthenticator : IJstpAuthenticator
    {
        public Func<Task> BeforeRestore { get; set; } = static () => Task.CompletedTask;

        public ValueTask<string?> AuthenticateAsync(JstpAuthenticationContext context, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

        public async ValueTask<bool> AllowRestoreAsync(string applicationName, string? userName, CancellationToken cancellationToken)
        {
            await BeforeRestore();

            return true;
        }
    }
}
