using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Jstp.Actors.Applications;
using Jstp.Actors.Cluster;
using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Channels;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;
using Jstp.Transport.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Jstp.Actors.Hosting;

/// <summary>
/// A JSTP server: the applications that it serves and the clients that are connected to it. Transports hand their connections to it; see
/// <c>MapJstp</c>, <c>UseJstp</c>, <c>Jstp.Ws</c> and <c>Jstp.Net</c>. Thread-safe.
/// </summary>
public sealed partial class JstpServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, JstpConnection> _clients = new();
    private readonly ConcurrentDictionary<MessageChannel, Entrance?> _channels = new();
    private readonly ConnectionLimiter _limiter = new();
    private readonly ActorSystem _system;
    private readonly SimpleSessionStorageProvider? _ownStorage;
    private readonly StoreActors? _storeActors;
    private readonly Lock _stopGate = new();
    private volatile VersionedCatalog<JstpApplication> _catalog;
    private volatile bool _isStopping;
    private Task? _stopped;
    private long _lastConnectionId;
    private int _hasRefused; // 1 once a connection was refused for a limit

    /// <summary>Makes a server without a host.</summary>
    /// <param name="options">What it serves, and its limits.</param>
    /// <param name="services">Where interface classes find their services; null for none.</param>
    /// <param name="loggerFactory">Where it logs to; null for nowhere.</param>
    /// <param name="timeProvider">The clock of all timeouts; null for the system's.</param>
    /// <exception cref="OptionsValidationException">A setting cannot work; the message names its key.</exception>
    /// <exception cref="ArgumentException">An application cannot be served; the message says why.</exception>
    public JstpServer(
        JstpServerOptions options, IServiceProvider? services = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfInvalid(options);
        loggerFactory ??= NullLoggerFactory.Instance;
        LoggerFactory = loggerFactory;
        Options = options;
        _state = options.SessionStore is null ? NodeState.Up : NodeState.Starting;
        ReaderOptions = options.ReaderOptions;
        TimeProvider = timeProvider ?? TimeProvider.System;
        KeepAlive = options.KeepAliveInterval is { } interval ? new KeepAlivePolicy(interval, options.KeepAliveGracePeriod, TimeProvider) : null;
        Logger = loggerFactory.CreateLogger<JstpServer>();
        Metrics = new JstpMetrics(options.Node, () => _clients.Count);
        Handshakes = new HandshakePolicy(this);
        _catalog = Catalog(options.ApplicationFactories.Select(create => create(services)));
        _ownStorage = options.SessionStorage is null && options.SessionStore is null ? new SimpleSessionStorageProvider(timeProvider: TimeProvider) : null;
        _system = new ActorSystem("jstp", new ActorSystemOptions { TimeProvider = TimeProvider, LoggerFactory = loggerFactory });

        // Stopped newest first: no handshakes, then no connections, then the sessions, which the connections leave behind, then whoever stores them, and last
        // what tells other nodes.
        if (options.SessionStore is { } store)
        {
            _clusterMetrics = new ClusterMetrics(options.Node, () => IsReady);
            _cluster = new JstpCluster(this, store, _clusterMetrics);
            ClusterNode = _system.Spawn("cluster", () => new ClusterActor(this, _clusterMetrics));
            _storeActors = new StoreActors(this, store, _system);
        }

        Sessions = _system.Spawn("sessions", () => new SessionRegion(this));
        Applications = _system.Spawn("applications", () => new ApplicationsActor(this));
        Lobby = _system.Spawn("connections", () => new LobbyActor(this));
        options.ServerConfigurations.ForEach(configure => configure(this));
    }

    /// <summary>A new client has connected and has the answer of its handshake.</summary>
    public event Action<JstpConnection>? Connected;

    /// <summary>A client has come back to its session and has the answer of its handshake; what it missed is on its way.</summary>
    public event Action<JstpConnection>? Reconnected;

    /// <summary>A client's connection has ended. Its session goes on.</summary>
    public event Action<JstpConnection>? Disconnected;

    /// <summary>A client has sent its handshake; the outcome is open.</summary>
    public event Action<HandshakeRequested>? HandshakeRequested;

    /// <summary>A connection is closed for what its client sent.</summary>
    public event Action<ConnectionFailed>? ConnectionFailed;

    /// <summary>A connection took too long to complete its handshake; its address, where it has one.</summary>
    public event Action<EndPoint?>? HandshakeTimedOut;

    /// <summary>The name of this node.</summary>
    public string Node => Options.Node;

    /// <summary>The clients with a completed handshake, restored ones included, at this moment.</summary>
    public IReadOnlyCollection<JstpConnection> Clients => [.. _clients.Values];

    /// <summary>How many clients are connected.</summary>
    public int ClientCount => _clients.Count;

    internal JstpServerOptions Options { get; }

    internal ActorSystem System => _system; // for tests, which wait until its actors rest

    internal MdsfReaderOptions ReaderOptions { get; }

    internal TimeProvider TimeProvider { get; }

    /// <summary>How connections are probed; null when they are not.</summary>
    internal KeepAlivePolicy? KeepAlive { get; }

    internal ILoggerFactory LoggerFactory { get; }

    internal ILogger Logger { get; }

    internal JstpMetrics Metrics { get; }

    internal HandshakePolicy Handshakes { get; }

    internal ActorRef<SessionRegionMessage> Sessions { get; }

    internal ActorRef<ApplicationsMessage> Applications { get; }

    internal ActorRef<LobbyMessage> Lobby { get; }

    /// <summary>Which sessions have something to write to the store.</summary>
    internal Journal Journal => Stored.Journal;

    internal ActorRef<SessionTakerMessage> Taker => Stored.Taker;

    internal ActorRef<PostOfficeMessage> PostOffice => Stored.PostOffice;

    internal bool IsStopping => _isStopping;

    /// <summary>Sends an event to every client of every application. Clients that are away get nothing (protocol page, section 11).</summary>
    /// <exception cref="MdsfConversionException">An argument has no form in MDSF.</exception>
    /// <exception cref="ArgumentException">The event is longer than a message may be.</exception>
    public void Broadcast(string interfaceName, string eventName, params ReadOnlySpan<object?> arguments) =>
        Broadcast(static _ => true, interfaceName, eventName, arguments);

    /// <summary>Sends an event to every client of one application, whichever its version. The event is encoded once.</summary>
    /// <inheritdoc cref="Broadcast(string, string, ReadOnlySpan{object?})"/>
    public void BroadcastTo(string applicationName, string interfaceName, string eventName, params ReadOnlySpan<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(applicationName);
        Broadcast(client => client.Application.Name == applicationName, interfaceName, eventName, arguments);
    }

    /// <summary>Replaces what the server serves. Only later handshakes see it (protocol page, section 11).</summary>
    /// <exception cref="ArgumentException">The same version of a name is there twice.</exception>
    public void UpdateApplications(IEnumerable<JstpApplication> applications)
    {
        ArgumentNullException.ThrowIfNull(applications);
        _catalog = Catalog(applications);
    }

    /// <summary>
    /// Moves connected clients to the best version within what they asked for. Who asked for one full version stays, and so does who asked for what is
    /// not served any more (protocol page, section 11).
    /// </summary>
    public void UpdateConnectionsApi()
    {
        foreach (JstpConnection client in _clients.Values)
        {
            if (!client.RequestedVersion.IsExact
                && _catalog.TryFind(client.Application.Name, client.RequestedVersion, out JstpApplication? application))
            {
                client.Application = application;
            }
        }
    }

    /// <summary>
    /// Stops: refuses new connections, closes all others with 1001, stores their sessions. Completes when all is done, or the timeout is over. Where other
    /// nodes of the cluster run, it drains first (<see cref="DrainAsync"/>), so that they have the sessions at once.
    /// </summary>
    public Task StopAsync()
    {
        lock (_stopGate)
        {
            return _stopped ??= StopOnceAsync();
        }
    }

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Takes a connection whose transport is ready. Completes when the connection has ended and nothing of it is in use.</summary>
    /// <param name="channel">The connection.</param>
    /// <param name="entrance">Where it came in, and has a place that is given back in the end; null for connections that need none.</param>
    internal Task ServeAsync(MessageChannel channel, Entrance? entrance = null)
    {
        _channels.TryAdd(channel, entrance);

        if (!IsWelcoming || !Lobby.TryTell(new LobbyMessage.Arrived(channel)))
        {
            channel.Finish(ChannelClose.GoingAway, Options.CloseTimeout, TimeProvider);
        }

        return AwaitEndAsync(channel);
    }

    /// <summary>Takes a place for a connection, whatever it comes by; <see cref="Leave"/> gives it back.</summary>
    /// <returns>False if a limit forbids it, which is counted and, the first time, logged.</returns>
    internal bool TryEnter(IPAddress? address)
    {
        if (_limiter.TryEnter(address, Options.MaxConnections, Options.MaxConnectionsPerAddress))
        {
            _limiter.LeavePending(); // who has connected is decided about

            return true;
        }

        Metrics.ConnectionRefused();

        if (Interlocked.Exchange(ref _hasRefused, 1) == 0)
        {
            LogRefused(Logger, address);
        }

        return false;
    }

    internal void Leave(IPAddress? address) => _limiter.Leave(address);

    internal MessageChannel[] ChannelsOf(Entrance entrance) => [.. _channels.Where(entry => entry.Value == entrance).Select(entry => entry.Key)];

    internal bool TryFindApplication(string name, VersionRequest version, [NotNullWhen(true)] out JstpApplication? application) =>
        _catalog.TryFind(name, version, out application);

    internal IJstpAuthenticator? AuthenticatorOf(JstpApplication application) => application.Authenticator ?? Options.Authenticator;

    /// <summary>The provider that keeps the sessions of an application; null when the store does.</summary>
    internal ISessionStorageProvider? StorageOf(JstpApplication application) =>
        application.SessionStorage ?? Options.SessionStorage ?? _ownStorage;

    internal long NextConnectionId() => Interlocked.Increment(ref _lastConnectionId);

    internal void OnConnected(JstpConnection connection, bool isRestored)
    {
        _clients[connection.Id] = connection;
        Raise(isRestored ? Reconnected : Connected, connection);

        if (!IsWelcoming)
        {
            connection.SendAway(); // it came in while the others were being sent away
        }
    }

    internal void OnDisconnected(JstpConnection connection)
    {
        _clients.TryRemove(connection.Id, out _);
        Raise(Disconnected, connection);
        NoteClientGone();
    }

    /// <summary>A message was not kept for a client that is away, as too many wait for a storage that is slow.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="isFirst">Whether those before it were kept.</param>
    internal void OnOutboxFull(string sessionId, bool isFirst)
    {
        Metrics.SendRefused();

        if (isFirst)
        {
            LogOutboxFull(Logger, SessionId.ForLog(sessionId));
        }
    }

    internal void OnListenerFailed(Exception exception) => LogListenerFailed(Logger, exception);

    internal void OnHandshakeRequested(HandshakeRequest request, EndPoint? remoteEndPoint)
    {
        if (HandshakeRequested is { } listeners)
        {
            Raise(listeners, new HandshakeRequested(request.Application, request.StrategyName, remoteEndPoint));
        }
    }

    internal void OnConnectionFailed(JstpConnection connection, string reason) => Raise(ConnectionFailed, new ConnectionFailed(connection, reason));

    internal void OnHandshakeTimedOut(EndPoint? remoteEndPoint)
    {
        Metrics.HandshakeTimedOut();
        LogHandshakeTimedOut(Logger, remoteEndPoint?.ToString());
        Raise(HandshakeTimedOut, remoteEndPoint);
    }

    private StoreActors Stored => _storeActors ?? throw new InvalidOperationException("The server has no session store.");

    internal void OnEndTimedOut(int channelCount) => LogEndTimedOut(Logger, channelCount);

    private static void ThrowIfInvalid(JstpServerOptions options)
    {
        ValidateOptionsResult result = new JstpServerOptionsValidator().Validate(name: null, options);

        if (result.Failed)
        {
            throw new OptionsValidationException(JstpServerOptions.SectionName, typeof(JstpServerOptions), result.Failures);
        }
    }

    private static VersionedCatalog<JstpApplication> Catalog(IEnumerable<JstpApplication> applications) =>
        new(applications.Select(application => (application.Name, application.Version, application)));

    private void Broadcast(Func<JstpConnection, bool> isMeant, string interfaceName, string eventName, ReadOnlySpan<object?> arguments)
    {
        ReadOnlyMemory<byte> tail = MessageTail.Event(interfaceName, eventName, arguments, Options.MaxMessageSize);

        Broadcast(isMeant, tail);
    }

    private void Broadcast(Func<JstpConnection, bool> isMeant, ReadOnlyMemory<byte> tail)
    {
        foreach (JstpConnection client in _clients.Values)
        {
            if (isMeant(client))
            {
                client.EmitEncoded(tail);
            }
        }
    }

    private async Task AwaitEndAsync(MessageChannel channel)
    {
        await channel.Finished;

        if (_channels.TryRemove(channel, out Entrance? entrance))
        {
            entrance?.Leave((channel.RemoteEndPoint as IPEndPoint)?.Address);
        }
    }

    private async Task StopOnceAsync()
    {
        await LeaveInOrderAsync();
        _isStopping = true;

        try
        {
            await EndAllAsync().WaitAsync(Options.ShutdownTimeout, TimeProvider);
        }
        catch (TimeoutException)
        {
            OnEndTimedOut(_channels.Count);

            foreach (MessageChannel channel in _channels.Keys)
            {
                channel.Cut();
            }
        }

        await LeaveAsync();
        _ownStorage?.Dispose();
        Metrics.Dispose();
        _clusterMetrics?.Dispose();
    }

    private async Task EndAllAsync()
    {
        await _system.TerminateAsync();

        // A channel that was on its way from one actor to the next has nobody else to end it.
        foreach (MessageChannel channel in _channels.Keys)
        {
            channel.Finish(ChannelClose.GoingAway, Options.CloseTimeout, TimeProvider);
        }

        await Task.WhenAll(_channels.Keys.Select(channel => channel.Finished));
    }

    // Listeners are the application's code; one that fails harms neither the connection nor the other listeners.
    private void Raise<T>(Action<T>? listeners, T argument)
    {
        foreach (Action<T> listener in Delegate.EnumerateInvocationList(listeners))
        {
            try
            {
                listener(argument);
            }
#pragma warning disable CA1031 // see above
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogListenerFailed(Logger, exception);
            }
        }
    }
}
