using System.Net;
using System.Net.Sockets;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Jstp.Transport.Listening;

/// <summary>
/// Kestrel for programs without a host of their own: listens on a port, a Unix socket or an inherited socket, and after it was stopped, or failed to start,
/// listens again. What arrives is HTTP, or bytes. Thread-safe.
/// </summary>
public sealed class KestrelListener : IAsyncDisposable
{
    /// <summary>Connections that may wait to be accepted, as Node.js has it.</summary>
    public const int DefaultBacklog = 511;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ListenerOptions _options;
    private readonly RequestDelegate? _requests;
    private readonly Func<UpgradedConnection, Task>? _connections;
    private WebApplication? _host;

    /// <summary>A listener for HTTP/1.1.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="requests">Handles requests.</param>
    /// <exception cref="ArgumentException">The TLS settings are incomplete.</exception>
    public KestrelListener(ListenerOptions options, RequestDelegate requests)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(requests);
        _requests = requests;
    }

    /// <summary>A listener for connections that carry no HTTP.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="connections">Serves a connection until it was completed or aborted.</param>
    /// <exception cref="ArgumentException">The TLS settings are incomplete.</exception>
    public KestrelListener(ListenerOptions options, Func<UpgradedConnection, Task> connections)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(connections);
        _connections = connections;
    }

    private KestrelListener(ListenerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Tls?.ThrowIfInvalid();
        _options = options;
    }

    /// <summary>Whether it listens.</summary>
    public bool IsListening => _host is not null;

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<EndPoint> Addresses { get; private set; } = [];

    /// <summary>Listens on a port.</summary>
    /// <param name="port">The port; 0 lets the system choose.</param>
    /// <param name="host">An address or name; <see langword="null"/> is all addresses, IPv6 and IPv4.</param>
    /// <param name="backlog">Connections that may wait to be accepted; the system has a cap of its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where it listens.</returns>
    /// <exception cref="InvalidOperationException">It listens already.</exception>
    /// <exception cref="IOException">The address is in use or not available, or a file of the certificate cannot be read.</exception>
    public async Task<EndPoint> ListenAsync(int port, string? host, int backlog = DefaultBacklog, CancellationToken cancellationToken = default)
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
    /// <param name="unixPath">The path of the socket, which must not exist unless <paramref name="replaceStale"/> allows it.</param>
    /// <param name="replaceStale">Whether a socket that nobody listens on any more is replaced, instead of being an address in use.</param>
    /// <param name="mode">Who may connect; <see langword="null"/> leaves it to the process's mask. No effect on Windows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public async Task<EndPoint> ListenAsync(
        string unixPath, bool replaceStale = false, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        string path = Path.GetFullPath(unixPath);

        if (replaceStale)
        {
            await UnixSocketFile.DeleteIfStaleAsync(path, cancellationToken);
        }

        EndPoint endPoint = await ListenAsync(
            (kestrel, listen) => kestrel.ListenUnixSocket(path, listen),
            DefaultBacklog,
            new UnixDomainSocketEndPoint(path),
            cancellationToken);

        if (mode is { } allowed && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, allowed);
        }

        return endPoint;
    }

    /// <summary>Listens on an inherited socket that is bound. It stays the caller's, who has to close it in the end.</summary>
    /// <param name="handle">The file descriptor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public Task<EndPoint> ListenAsync(ulong handle, CancellationToken cancellationToken = default) =>
        ListenAsync((kestrel, listen) => kestrel.ListenHandle(handle, listen), DefaultBacklog, null, cancellationToken);

    /// <summary>Listens on a socket that is bound. It stays the caller's, who has to close it in the end.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ListenAsync(int, string?, int, CancellationToken)"/>
    public async Task<EndPoint> ListenAsync(Socket socket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(socket);

        return await ListenAsync(
            (kestrel, listen) => kestrel.ListenHandle((ulong)socket.Handle, listen),
            DefaultBacklog,
            socket.LocalEndPoint,
            cancellationToken);
    }

    /// <summary>Stops listening; afterwards it can listen again. Does nothing but to end the connections when it does not listen.</summary>
    /// <param name="endConnections">
    /// Refuses further connections, and ends those that there are. Kestrel would reset them otherwise, once <paramref name="cancellationToken"/> or its own patience says so.
    /// </param>
    /// <param name="cancellationToken">Cuts short.</param>
    public async Task StopAsync(Func<Task> endConnections, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endConnections);
        await _gate.WaitAsync(cancellationToken);

        try
        {
            Addresses = [];
            WebApplication? host = _host;
            _host = null;
            await endConnections();

            if (host is not null)
            {
                await host.StopAsync(cancellationToken);
                await host.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops listening for good. Connections should have been ended before.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(static () => Task.CompletedTask);
        _gate.Dispose();
    }

    private async Task<EndPoint> ListenAsync(
        Action<KestrelServerOptions, Action<ListenOptions>> bind, int backlog, EndPoint? endPoint, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);

        try
        {
            if (_host is not null)
            {
                throw new InvalidOperationException("The server listens already.");
            }

            WebApplication host = ListenerHost.Build(_options, bind, backlog, _requests, _connections);

            try
            {
                await host.StartAsync(cancellationToken);
            }
            catch
            {
                await host.DisposeAsync();
                throw;
            }

            Addresses = endPoint is null ? ListenerHost.GetAddresses(host) : [endPoint];
            _host = host;

            return Addresses[0];
        }
        finally
        {
            _gate.Release();
        }
    }
}
