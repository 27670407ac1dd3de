using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// A WebSocket server with listeners of its own, or on a host that exists (specification page, section 11). Ordinary HTTP requests get 426 on its own
/// listeners. Each connection gets the first subprotocol that its client asked for.
/// </summary>
public sealed class WssServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Func<WebSocketConnection, ValueTask>? _onConnection;
    private readonly WssServerOptions _options;
    private readonly bool _ownsHost;
    private WebApplication? _host;

    private WssServer(WssServerOptions options, Func<WebSocketConnection, ValueTask>? onConnection, bool ownsHost)
    {
        options.ThrowIfInvalid();
        _options = options;
        _onConnection = onConnection;
        _ownsHost = ownsHost;
        Server = new WebSocketServer(options.WebSocket, options.LoggerFactory, options.TimeProvider) { OnRequest = DecideAsync };
    }

    /// <summary>Whether it listens, or its host's requests reach it.</summary>
    public bool Listening { get; private set; }

    /// <summary>Where it listens; empty on a host that exists.</summary>
    public IReadOnlyList<EndPoint> Addresses { get; private set; } = [];

    /// <summary>The connections at this moment.</summary>
    public IReadOnlyCollection<WebSocketConnection> Clients => Server.Connections;

    /// <summary>The server underneath, with its events.</summary>
    public WebSocketServer Server { get; }

    private TimeProvider TimeProvider => _options.TimeProvider ?? TimeProvider.System;

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

        var server = new WssServer(options ?? new WssServerOptions(), onConnection, ownsHost: false) { Listening = true };

        RoutePattern pattern = RoutePatternFactory.Parse("/{**path}", defaults: null, parameterPolicies: new { path = new WebSocketRouteConstraint() });

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
    public async Task<EndPoint> ListenAsync(int port = 0, string? host = null, int backlog = 511, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(backlog, 1);

        IPAddress? address = host is null ? null
            : IPAddress.TryParse(host, out IPAddress? parsed) ? parsed
            : (await Dns.GetHostAddressesAsync(host, cancellationToken))[0];

        return await ListenAsync(
            (kestrel, listen) =>
            {
                if (address is null)
                {
                    kestrel.ListenAnyIP(port, listen);
                }
                else
                {
                    kestrel.Listen(address, port, listen);
                }
            },
            backlog,
            null,
            cancellationToken);
    }

    /// <summary>Listens on a Unix socket.</summary>
    /// <param name="unixPath">The path of the socket, which must not exist unless <see cref="WssServerOptions.ReplaceStaleSocket"/> allows it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public async Task<EndPoint> ListenAsync(string unixPath, CancellationToken cancellationToken = default)
    {
        string path = Path.GetFullPath(unixPath);

        if (_options.ReplaceStaleSocket)
        {
            await UnixSocketFile.DeleteIfStaleAsync(path, cancellationToken);
        }

        EndPoint endPoint = await ListenAsync(
            (kestrel, listen) => kestrel.ListenUnixSocket(path, listen),
            backlog: 511,
            new UnixDomainSocketEndPoint(path),
            cancellationToken);

        if (_options.UnixFileMode is { } mode && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return endPoint;
    }

    /// <summary>Listens on an inherited socket that is bound. It stays the caller's, who has to close it in the end.</summary>
    /// <param name="handle">The file descriptor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public Task<EndPoint> ListenAsync(ulong handle, CancellationToken cancellationToken = default)
        => ListenAsync((kestrel, listen) => kestrel.ListenHandle(handle, listen), backlog: 511, null, cancellationToken);

    /// <summary>Listens on a socket that is bound. It stays the caller's, who has to close it in the end.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public async Task<EndPoint> ListenAsync(Socket socket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(socket);

        return await ListenAsync(
            (kestrel, listen) => kestrel.ListenHandle((ulong)socket.Handle, listen),
            backlog: 511,
            socket.LocalEndPoint,
            cancellationToken);
    }

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
        _gate.Dispose();
    }

    private async Task<EndPoint> ListenAsync(
        Action<KestrelServerOptions, Action<ListenOptions>> bind,
        int backlog,
        EndPoint? endPoint,
        CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);

        try
        {
            if (Listening)
            {
                throw new InvalidOperationException("The server listens already.");
            }

            if (!_ownsHost)
            {
                throw new InvalidOperationException("The server is on a host that exists, which does the listening.");
            }

            WebApplication host = WssHost.Build(_options, TimeProvider, bind, backlog, Server.HandleAsync);

            try
            {
                await host.StartAsync(cancellationToken);
            }
            catch
            {
                await host.DisposeAsync();
                throw;
            }

            _host = host;
            Addresses = endPoint is null ? WssHost.GetAddresses(host) : [endPoint];
            Server.Mount();
            Listening = true;
            return Addresses[0];
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task StopAsync(Func<Task> endClients, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);

        try
        {
            Server.Unmount();
            Listening = false;
            Addresses = [];
            await endClients();

            if (_host is { } host)
            {
                _host = null;
                await host.StopAsync(cancellationToken);
                await host.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
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
