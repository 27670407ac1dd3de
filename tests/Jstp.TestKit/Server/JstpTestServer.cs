using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.Transport.WebSockets;

namespace Jstp.TestKit.Server;

/// <summary>
/// A <see cref="JstpServer"/> without a network, on a clock that the test moves and with a log that the test reads. Disposing it stops the server, and
/// fails the test if an error was logged that it did not announce, or if a connection was left in use.
/// </summary>
/// <example>
/// <code>
/// await using var server = new JstpTestServer(app => app.AddInterface("calc", calc => calc.Method("add", (int a, int b) => a + b)));
/// JstpPeer peer = await server.ConnectAsync();
///
/// peer.Send("{call:[1,'calc'],add:[1,2]}");
///
/// await peer.ExpectAsync("{callback:[1],ok:[3]}");
/// </code>
/// </example>
public sealed class JstpTestServer : IAsyncDisposable
{
    /// <summary>The name of the application that is always served.</summary>
    public const string DefaultApplication = "app";

    // The same tests hold with a session store, whatever the durability: test.sh runs them once for each.
    private static readonly SessionDurability? DefaultDurability =
        Environment.GetEnvironmentVariable("JSTP_TEST_DURABILITY") is { Length: > 0 } text ? Enum.Parse<SessionDurability>(text) : null;

    private readonly List<Task> _serving = [];
    private readonly WebSocketProtocolOptions _transportOptions;

    /// <summary>
    /// Serves one application, <c>app</c> 1.0.0, and what <paramref name="configure"/> adds. WebSocket probes are off unless it turns them on: they disturb
    /// all tests but their own.
    /// </summary>
    /// <param name="application">Adds interfaces to it.</param>
    /// <param name="configure">Adds what else there is.</param>
    /// <param name="time">The clock, which nodes of one cluster share; null for one of its own.</param>
    public JstpTestServer(
        Action<JstpApplicationBuilder>? application = null, Action<JstpServerOptions>? configure = null, ManualTimeProvider? time = null)
    {
        Time = time ?? new ManualTimeProvider();
        var options = new JstpServerOptions { Node = "test", KeepAliveInterval = null };
        options.AddApplication(DefaultApplication, "1.0.0", application ?? (static _ => { }));
        configure?.Invoke(options);

        if (DefaultDurability is { } durability && options.SessionStorage is null && options.SessionStore is null)
        {
            options.SessionStore = new MemorySessionStore(Time);
            options.Durability = durability;
            Server = new JstpServer(options, services: null, Logs, Time);
            Server.StartAsync().GetAwaiter().GetResult(); // this store is ready at once; who brings one starts the server
        }
        else
        {
            Server = new JstpServer(options, services: null, Logs, Time);
        }

        _transportOptions = new WebSocketProtocolOptions
        {
            MaxReceivedFrameSize = options.MaxMessageSize,
            MaxReceivedMessageSize = options.MaxMessageSize,
            TimeProvider = Time,
        };
    }

    /// <summary>The server under test.</summary>
    public JstpServer Server { get; }

    /// <summary>The server's clock.</summary>
    public ManualTimeProvider Time { get; }

    /// <summary>The server's log.</summary>
    public LogCollector Logs { get; } = new();

    /// <summary>Opens a connection that has sent nothing yet.</summary>
    /// <param name="outputCapacity">Bytes that the server may have on the way before the peer is behind.</param>
    public JstpPeer Open(int outputCapacity = 64 * 1024)
    {
        var connection = InMemoryConnection.Create(outputCapacity);
        Task serving = Server.ServeAsync(new WebSocketChannel(connection, _transportOptions));
        _serving.Add(serving);

        return new JstpPeer(this, connection, serving);
    }

    /// <summary>Opens a connection over a byte stream that has sent nothing yet.</summary>
    /// <param name="outputCapacity">Bytes that the server may have on the way before the peer is behind.</param>
    public StreamPeer OpenStream(int outputCapacity = 64 * 1024)
    {
        var connection = InMemoryConnection.Create(outputCapacity);
        Task serving = Server.ServeAsync(new StreamChannel(connection, Server.Options.MaxMessageSize));
        _serving.Add(serving);

        return new StreamPeer(this, connection, serving);
    }

    /// <summary>Opens a connection and completes an anonymous handshake.</summary>
    public async Task<JstpPeer> ConnectAsync(string application = DefaultApplication, int outputCapacity = 64 * 1024)
    {
        JstpPeer peer = Open(outputCapacity);
        await peer.HandshakeAsync(application);

        return peer;
    }

    /// <summary>Opens a connection and restores a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="receivedCount">What the client claims to have received.</param>
    /// <param name="expectedCount">What the server is to have received.</param>
    /// <param name="application">The application.</param>
    public async Task<JstpPeer> RestoreAsync(string sessionId, long receivedCount, long expectedCount, string application = DefaultApplication)
    {
        JstpPeer peer = Open();
        await peer.RestoreAsync(sessionId, receivedCount, expectedCount, application);

        return peer;
    }

    /// <summary>Waits until no actor moves.</summary>
    public Task SettleAsync() => Settlement.WaitAsync(Server.System);

    /// <summary>Moves the clock from timer to timer, and has the actors settle before, between and behind.</summary>
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

    /// <summary>Stops the server, moving the clock for whoever waits for a peer that does not answer, or for a client that does not come.</summary>
    public async Task StopAsync()
    {
        const int LongStill = 100; // looks: what is under way outside of actors, such as a write to a store, moves them sooner

        Task stopped = Server.StopAsync();
        Func<bool> isStill = Settlement.Observe(Server.System);
        int still = 0;

        await Patience.UntilAsync(
            () =>
            {
                still = isStill() ? still + 1 : 0;

                if (!stopped.IsCompleted
                    && (still > LongStill || Server.System.Terminated.IsCompleted)
                    && Time.NextTimerDueIn is { } next
                    && next <= TimeSpan.FromMinutes(1))
                {
                    Time.Advance(next);
                    still = 0;
                }

                return stopped.IsCompleted;
            },
            () => $"the server to stop. It is {Server.State} with {Server.ClientCount} clients and the actors {Settlement.Describe(Server.System)}; its log ends with: {string.Join(" | ", Logs.Entries.TakeLast(5))}");
        await stopped;
    }

    /// <inheritdoc/>
    /// <exception cref="TestKitException">An error was logged that the test did not announce, or a connection is still in use.</exception>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Task.WhenAll(_serving).WithinLimitAsync("every connection to be released");
        Logs.ThrowOnUnexpected();
    }
}
