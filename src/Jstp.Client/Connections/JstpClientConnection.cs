using System.Diagnostics.CodeAnalysis;
using Jstp.Client.Events;
using Jstp.Client.Remote;
using Jstp.Client.Sessions;
using Jstp.Transport.Mdsf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jstp.Client.Connections;

/// <summary>
/// A session with a server, made by <see cref="JstpClient"/>. It outlives the transports that carry it: calls and events that are sent while there is none are
/// kept, and go out in order when it is restored. Every member may be used from any thread.
/// </summary>
/// <remarks>
/// Handlers of events, and the beginnings of methods that the server calls, run one after the other where messages are received: they must not block, least of
/// all to wait for a call. What awaits a call continues on the thread pool.
/// </remarks>
public sealed partial class JstpClientConnection : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ILogger _logger;
    private static MdsfReaderOptions Limits => default; // those of the protocol page
    private readonly EventRegistry _events = new();

    private ClientSession _session = null!; // from the first handshake on, before which nobody sees the object
    private Link? _link; // while the server can be reached
    private JstpConnectionState _state = JstpConnectionState.Reconnecting;
    private Exception? _closeCause;
    private Uri _url;

    internal JstpClientConnection(JstpApplicationName application, JstpClientOptions options, Uri url)
    {
        Application = application;
        Options = options;
        _url = url;
        _logger = options.LoggerFactory?.CreateLogger<JstpClientConnection>() ?? (ILogger)NullLogger.Instance;
        _served = options.Application.Build(options);
    }

    /// <summary>The connection was lost. Attempts to restore it follow, unless there is no reconnector.</summary>
    public event EventHandler<JstpDisconnectedEventArgs>? Disconnected;

    /// <summary>An attempt to reconnect was scheduled.</summary>
    public event EventHandler<JstpReconnectingEventArgs>? Reconnecting;

    /// <summary>An attempt to reconnect has failed.</summary>
    public event EventHandler<JstpReconnectFailedEventArgs>? ReconnectFailed;

    /// <summary>The server can be reached again.</summary>
    public event EventHandler<JstpReconnectedEventArgs>? Reconnected;

    /// <summary>The connection has ended for good: it was closed, there is no reconnector, it gave up, or the session was refused.</summary>
    public event EventHandler<JstpDisconnectedEventArgs>? Closed;

    /// <summary>Every event of the server, whoever else listens to it.</summary>
    public event EventHandler<JstpRemoteEvent>? EventReceived;

    /// <summary>The application as it was asked for.</summary>
    public JstpApplicationName Application { get; }

    /// <summary>The options.</summary>
    public JstpClientOptions Options { get; }

    /// <summary>Where the server is.</summary>
    public Uri Url => Volatile.Read(ref _url);

    /// <summary>The session id: a bearer secret, never log it.</summary>
    public string SessionId => Session.Id;

    /// <summary>Whether the server can be reached.</summary>
    public JstpConnectionState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Completes when the connection has ended for good, however it did. It never fails.</summary>
    public Task Completion => _completion.Task;

    private ClientSession Session
    {
        get
        {
            lock (_gate)
            {
                return _session;
            }
        }
    }

    /// <summary>A remote interface by its name, of which nothing is asked.</summary>
    public JstpRemoteProxy GetProxy(string interfaceName) => new(this, interfaceName);

    /// <summary>A typed proxy, of which nothing is asked: nobody knows yet whether the server has all that it promises.</summary>
    /// <typeparam name="T">An interface with <see cref="JstpProxyAttribute"/>.</typeparam>
    public T GetProxy<T>()
        where T : class, IJstpProxy<T> => T.CreateProxy(GetProxy(T.InterfaceName));

    /// <summary>A typed proxy for an interface that the server calls by another name than <typeparamref name="T"/> says.</summary>
    /// <inheritdoc cref="GetProxy{T}()"/>
    public T GetProxy<T>(string interfaceName)
        where T : class, IJstpProxy<T> => T.CreateProxy(GetProxy(interfaceName));

    /// <summary>
    /// The session as it is now, for another run of the program to resume (<see cref="JstpClient.ReconnectAsync(JstpSessionState, JstpApplicationName, JstpClientOptions, Uri, CancellationToken)"/>).
    /// It is out of date as soon as a message is sent or received: prefer <see cref="DetachAsync"/> where the program can end in order.
    /// </summary>
    public JstpSessionState ExportSession()
    {
        lock (_gate)
        {
            return _session.Export(Application.Name);
        }
    }

    /// <summary>Closes the connection and gives its session, for another run of the program to resume.</summary>
    public async Task<JstpSessionState> DetachAsync()
    {
        await CloseAsync().ConfigureAwait(false);

        return ExportSession();
    }

    /// <summary>Listens to an event without any conversion.</summary>
    /// <returns>What ends the subscription when it is disposed.</returns>
    public IDisposable On(string interfaceName, string eventName, JstpEventHandler handler)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        ArgumentNullException.ThrowIfNull(eventName);
        ArgumentNullException.ThrowIfNull(handler);

        return _events.Add(interfaceName, eventName, new EventSubscriber(handler));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    internal IDisposable Subscribe(string interfaceName, string eventName, EventSubscriber subscriber) => _events.Add(interfaceName, eventName, subscriber);

    internal void Forget(IPendingRequest request)
    {
        lock (_gate)
        {
            _session.Forget(request);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Code of the application, whose faults are logged and end nothing of ours.")]
    private void Raise<T>(EventHandler<T>? handlers, T args)
    {
        try
        {
            handlers?.Invoke(this, args);
        }
        catch (Exception exception)
        {
            LogHandlerFault(typeof(T).Name, exception);
        }
    }
}
