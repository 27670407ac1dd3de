using System.Net;
using System.Net.Sockets;
using Jstp.Transport.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// A WebSocket server with listeners of its own, or on a host that exists (specification page, section 11). Ordinary HTTP requests get 426 on its own
/// listeners. Each connection gets the first subprotocol that its client asked for.
/// </summary>
public sealed class WssServer : IAsyncDisposable
{
    private readonly Func<WebSocketConnection, ValueTask>? _onConnection;
    private readonly WssServerOptions _options;
    private readonly KestrelListener? _listener; // null on a host that exists
    private bool _isAttached; // to a host that exists

    private WssServer(WssServerOptions options, Func<WebSocketConnection, ValueTask>? onConnection, bool ownsHost)
    {
        options.ThrowIfInvalid();
        _options = options;
        _onConnection = onConnection;
        _isAttached = !ownsHost;
        Server = new WebSocketServer(options.WebSocket, options.LoggerFactory, options.TimeProvider) { OnRequest = DecideAsync };

        if (ownsHost)
        {
            var listening = new ListenerOptions
            {
                Tls = options.Tls,
                MaxHandshakes = options.MaxHandshakes,
                HandshakeTimeout = options.HandshakeTimeout,
                MaxRequestHeadersSize = options.MaxRequestHeadersSize,
                LoggerFactory = options.LoggerFactory,
                TimeProvider = options.TimeProvider,
            };
            _listener = new KestrelListener(listening, Server.HandleAsync);
        }
    }

    /// <summary>Whether it listens, or its host's requests reach it.</summary>
    public bool Listening => _listener?.IsListening ?? _isAttached;

    /// <summary>Where it listens; empty on a host that exists.</summary>
    public IReadOnlyList<EndPoint> Addresses => _listener?.Addresses ?? [];

    /// <summary>The connections at this moment.</summary>
    public IReadOnlyCollection<WebSocketConnection> Clients => Server.Connections;

    /// <summary>The server underneath, with its events.</summary>
    public WebSocketServer Server { get; }

    private KestrelListener Listener => _listener ?? throw new InvalidOperationException("The server is on a host that exists, which does the listening.");

    /// <summary>Creates a server that listens when told to.</summary>
    /// <param name="options">The settings; <see langword="null"/> is the defaults.</param>
    /// <param name="onConnection">Called for every connection before anything is read from it.</param>
    /// <exception cref="ArgumentException">The TLS settings are incomplete.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting makes no sense.</exception>
    public static WssServer Create(WssServerOptions? options = null, Func<WebSocketConnection, ValueTask>? onConnection = null)
        => new(options ?? new WssServerOptions(), onConnection, ownsHost: true);

    /// <summary>Puts a server on a host that exists, started or not; what is no WebSocket request stays with that host.</summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="onConnection">Called for every connection before anything is read from it.</param>
    /// <param name="options">The settings; the TLS part is the host's business.</param>
    public static WssServer CreateFrom(
        IEndpointRouteBuilder endpoints,
        Func<WebSocketConnection, ValueTask>? onConnection = null,
        WssServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        var server = new WssServer(options ?? new WssServerOptions(), onConnection, ownsHost: false);

        RoutePattern pattern = RoutePatternFactory.Parse("/{**path}", defaults: null, new RouteValueDictionary { ["path"] = new WebSocketRouteConstraint() });

        server.Server.WarnIfOpenToAnyOrigin(pattern.RawText!);
        endpoints.Map(pattern, server.Server.HandleAsync).WithOrder(-1);
        endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopping.Register(() => _ = server.CloseAsync());
        return server;
    }

    /// <summary>Listens on a port.</summary>
    /// <param name="port">The port; 0 lets the system choose.</param>
    /// <param name="host">An address or name; <see langword="null"/> is all addresses, IPv6 and IPv4.</param>
    /// <param name="backlog">Connections that may wait to be accepted; the system has a cap of its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where it listens.</returns>
    /// <exception cref="InvalidOperationException">It listens already, or its host is not its own.</exception>
    /// <exception cref="IOException">The address is in use or not available.</exception>
    public Task<EndPoint> ListenAsync(int port = 0, string? host = null, int backlog = KestrelListener.DefaultBacklog, CancellationToken cancellationToken = default)
        => MountAsync(Listener.ListenAsync(port, host, backlog, cancellationToken));

    /// <summary>Listens on a Unix socket.</summary>
    /// <param name="unixPath">The path of the socket, which must not exist unless <see cref="WssServerOptions.ReplaceStaleSocket"/> allows it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public Task<EndPoint> ListenAsync(string unixPath, CancellationToken cancellationToken = default)
        => MountAsync(Listener.ListenAsync(unixPath, _options.ReplaceStaleSocket, _options.UnixFileMode, cancellationToken));

    /// <summary>Listens on an inherited socket that is bound. It stays the caller's, who has to close it in the end.</summary>
    /// <param name="handle">The file descriptor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public Task<EndPoint> ListenAsync(ulong handle, CancellationToken cancellationToken = default)
        => MountAsync(Listener.ListenAsync(handle, cancellationToken));

    /// <inheritdoc cref="ListenAsync(ulong, CancellationToken)"/>
    public Task<EndPoint> ListenAsync(SafeSocketHandle handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);

        return ListenAsync((ulong)handle.DangerousGetHandle(), cancellationToken);
    }

    /// <summary>Listens on a socket that is bound. It stays the caller's, who has to close it in the end.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public Task<EndPoint> ListenAsync(Socket socket, CancellationToken cancellationToken = default)
        => MountAsync(Listener.ListenAsync(socket, cancellationToken));

    /// <summary>
    /// Stops listening, closes the clients with 1001, and cuts off those that do not close in time. A host that is not its own goes on. Does nothing when
    /// it does not listen; afterwards it can listen again.
    /// </summary>
    public Task CloseAsync(CancellationToken cancellationToken = default)
        => StopAsync(() => Server.CloseAllConnectionsAsync(cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Stops listening, and cuts all clients off without a Close.</summary>
    public Task TerminateAsync() => StopAsync(
        () =>
        {
            foreach (WebSocketConnection client in Clients)
            {
                client.Abort();
            }

            return Task.CompletedTask;
        },
        CancellationToken.None);

    /// <summary>Closes for good.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Server.DisposeAsync();

        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }
    }

    private async Task<EndPoint> MountAsync(Task<EndPoint> listening)
    {
        EndPoint endPoint = await listening;
        Server.WarnIfOpenToAnyOrigin(endPoint.ToString() ?? "");
        Server.Mount();

        return endPoint;
    }

    private async Task StopAsync(Func<Task> endClients, CancellationToken cancellationToken)
    {
        Server.Unmount();
        _isAttached = false;

        if (_listener is not null)
        {
            await _listener.StopAsync(endClients, cancellationToken);
        }
        else
        {
            await endClients();
        }
    }

    private async ValueTask DecideAsync(WebSocketRequest request)
    {
        if (_options.Path is { } path && request.Path != path)
        {
            await request.RejectAsync(StatusCodes.Status400BadRequest);
            return;
        }

        if (_options.VerifyClient is { } verify && !await verify(request))
        {
            await request.RejectAsync(StatusCodes.Status401Unauthorized);
            return;
        }

        WebSocketConnection connection = await request.AcceptAsync(request.RequestedProtocols is [string first, ..] ? first : null);

        if (_onConnection is { } onConnection)
        {
            await onConnection(connection);
        }
    }
}
