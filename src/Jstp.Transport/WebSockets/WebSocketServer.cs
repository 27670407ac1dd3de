using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// A WebSocket server (specification page, sections 1 and 2): takes upgrade requests from any number of endpoints, listeners and hosts, asks the application
/// about each, and keeps the connections. Thread-safe.
/// </summary>
public sealed partial class WebSocketServer : IAsyncDisposable
{
    private static readonly TimeSpan FinestResolution = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<WebSocketConnection, byte> _connections = new();
    private readonly ConcurrentDictionary<WebSocketRequest, byte> _pendingRequests = new();
    private readonly ConnectionLimiter _limiter = new();
    private readonly List<ServerMount> _mounts = []; // locked by itself
    private volatile WebSocketServerContext _context;
    private volatile bool _isMounted = true;
    private volatile bool _isShutDown;

    /// <summary>Creates a server.</summary>
    /// <param name="options">The settings, which must not change afterwards; <see langword="null"/> is the defaults.</param>
    /// <param name="loggerFactory">Where to log; <see langword="null"/> is nowhere.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> is the system's.</param>
    /// <param name="meterFactory">Whose the meter is (see <see cref="WebSocketTelemetry"/>); <see langword="null"/> makes it the server's own.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting makes no sense.</exception>
    public WebSocketServer(
        WebSocketServerOptions? options = null,
        ILoggerFactory? loggerFactory = null,
        TimeProvider? timeProvider = null,
        IMeterFactory? meterFactory = null)
    {
        options ??= new WebSocketServerOptions();
        WebSocketServerOptionsValidator.ThrowIfInvalid(options);

        timeProvider ??= TimeProvider.System;
        ILogger logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<WebSocketServer>();
        TimeSpan resolution = options.KeepAliveInterval / 20;
        var wheel = new TimerWheel(timeProvider, resolution < FinestResolution ? resolution : FinestResolution);
        _context = new WebSocketServerContext(options, wheel, logger, timeProvider, new WebSocketMetrics(meterFactory));
    }

    /// <summary>Raised when a connection was accepted, before the accepting code goes on and before anything is read.</summary>
    public event Action<WebSocketConnection>? Connected;

    /// <summary>Raised when a connection has ended, before its own <see cref="WebSocketConnection.OnClose"/>.</summary>
    public event Action<WebSocketConnection, WebSocketCloseInfo>? Closed;

    /// <summary>Raised when a request could not become a connection, after it was answered.</summary>
    public event Action<WebSocketUpgradeError>? UpgradeError;

    /// <summary>
    /// Decides about requests: accepts or rejects, at once or later. Without one every request gets 404. What it throws becomes 500.
    /// </summary>
    public Func<WebSocketRequest, ValueTask>? OnRequest { get; set; }

    /// <summary>The settings of connections that are accepted from now on.</summary>
    public WebSocketServerOptions Options => _context.Options;

    /// <summary>The connections at this moment.</summary>
    public IReadOnlyCollection<WebSocketConnection> Connections => [.. _connections.Keys];

    /// <summary>How many connections there are.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>The requests that wait for a decision at this moment.</summary>
    public IReadOnlyCollection<WebSocketRequest> PendingRequests => [.. _pendingRequests.Keys];

    /// <summary>How many requests wait for a decision.</summary>
    public int PendingRequestCount => _pendingRequests.Count;

    /// <summary>Whether requests are taken.</summary>
    public bool IsMounted => _isMounted && !_isShutDown;

    /// <summary>Takes requests again after <see cref="Unmount"/>.</summary>
    /// <exception cref="ObjectDisposedException">The server was shut down.</exception>
    public void Mount()
    {
        ObjectDisposedException.ThrowIf(_isShutDown, this);
        _isMounted = true;
    }

    /// <summary>Takes no further requests: its endpoints answer 404. Connections and pending requests go on.</summary>
    public void Unmount() => _isMounted = false;

    /// <summary>Sends a text message to every open connection; encoded once, and a slow peer does not hold up the others.</summary>
    /// <exception cref="ArgumentException">The text holds an unpaired surrogate.</exception>
    public Task<WebSocketBroadcastResult> BroadcastAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);

        return BroadcastAsync(WebSocketMessageType.Text, WebSocketConnection.EncodeText(text), cancellationToken);
    }

    /// <summary>Sends a binary message to every open connection; encoded once, and a slow peer does not hold up the others.</summary>
    public Task<WebSocketBroadcastResult> BroadcastAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
        => BroadcastAsync(WebSocketMessageType.Binary, payload, cancellationToken);

    /// <summary>Closes all connections and answers pending requests with 503; completes when all have ended.</summary>
    /// <param name="code">The close code. The default is 1001, going away.</param>
    /// <param name="reason">The close reason; <see langword="null"/> is the standard text.</param>
    /// <param name="cancellationToken">Aborts what has not ended yet.</param>
    public async Task CloseAllConnectionsAsync(
        WebSocketCloseStatus code = WebSocketCloseStatus.EndpointUnavailable,
        string? reason = null,
        CancellationToken cancellationToken = default)
    {
        WebSocketProtocol.ValidateClose(code, ref reason);
        await CloseAsync(PendingRequests, Connections, code, reason, cancellationToken);
    }

    /// <summary>Takes no further requests and closes all connections with 1001, within <see cref="WebSocketServerOptions.DrainTimeout"/>.</summary>
    public async Task ShutDownAsync(CancellationToken cancellationToken = default)
    {
        _isShutDown = true;
        await CloseAllConnectionsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Shuts down.</summary>
    public async ValueTask DisposeAsync()
    {
        await ShutDownAsync();
        _context.Wheel.Dispose();
        _context.Metrics.Dispose();
    }

    /// <summary>Puts other settings, which make sense, in the place of the present ones: for what comes from now on.</summary>
    internal void Change(WebSocketServerOptions options) => _context = _context.With(options);

    /// <summary>The server's place on a host, which is taken when its first route is mapped there.</summary>
    internal ServerMount MountOn(IHostApplicationLifetime host)
    {
        lock (_mounts)
        {
            if (_mounts.Find(known => known.Host == host) is { } present)
            {
                return present;
            }

            var mount = new ServerMount(host);
            _mounts.Add(mount);
            host.ApplicationStopping.Register(() => _ = LeaveAsync(mount));
            return mount;
        }
    }

    /// <summary>Ends what came in by a host that stops; with the last host, everything.</summary>
    private Task LeaveAsync(ServerMount mount)
    {
        mount.Stop();

        lock (_mounts)
        {
            _mounts.Remove(mount);

            if (_mounts.Count == 0)
            {
                return ShutDownAsync();
            }
        }

        string? reason = null;
        WebSocketProtocol.ValidateClose(WebSocketCloseStatus.EndpointUnavailable, ref reason);
        return CloseAsync(
            [.. _pendingRequests.Keys.Where(request => request.Mount == mount)],
            [.. _connections.Keys.Where(connection => connection.Mount == mount)],
            WebSocketCloseStatus.EndpointUnavailable,
            reason,
            CancellationToken.None);
    }

    private async Task CloseAsync(
        IReadOnlyCollection<WebSocketRequest> requests,
        IReadOnlyCollection<WebSocketConnection> connections,
        WebSocketCloseStatus code,
        string reason,
        CancellationToken cancellationToken)
    {
        Task[] rejections = [.. requests.Select(request => request.TryRejectAsync(StatusCodes.Status503ServiceUnavailable, "The server is closing."))];
        Task[] ends = [.. connections.Select(connection => connection.CloseAndWaitAsync(code, reason))];
        Task all = Task.WhenAll([.. rejections, .. ends]);
        TimeSpan limit = Options.DrainTimeout ?? Options.CloseTimeout;

        try
        {
            await all.WaitAsync(limit, _context.TimeProvider, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            foreach (WebSocketConnection connection in connections)
            {
                connection.Abort();
            }
        }
    }

    private async Task<WebSocketBroadcastResult> BroadcastAsync(WebSocketMessageType type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var frames = new BroadcastFrames(type, payload, _context.FragmentLength);
        var sends = new List<(WebSocketConnection Connection, Task Send)>();

        foreach (WebSocketConnection connection in _connections.Keys)
        {
            if (connection.Connected)
            {
                sends.Add((connection, connection.BroadcastAsync(frames, cancellationToken)));
            }
        }

        var failures = new List<KeyValuePair<WebSocketConnection, Exception>>();

        foreach ((WebSocketConnection connection, Task send) in sends)
        {
            try
            {
                await send;
            }
            catch (Exception exception)
            {
                failures.Add(KeyValuePair.Create(connection, exception));
            }
        }

        return new WebSocketBroadcastResult(sends.Count - failures.Count, failures);
    }
}
