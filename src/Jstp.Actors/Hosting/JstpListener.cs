using System.Net;
using System.Net.Sockets;
using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.Transport.Listening;

namespace Jstp.Actors.Hosting;

/// <summary>
/// A JSTP server's listener for programs without a host: <c>Jstp.Ws</c>, <c>Jstp.Wss</c>, <c>Jstp.Net</c> and <c>Jstp.Tls</c> make it. After it was closed, or failed
/// to start, it can listen again.
/// </summary>
public sealed class JstpListener : IAsyncDisposable
{
    private readonly Entrance _entrance;
    private readonly KestrelListener _listener;
    private readonly bool _ownsServer;
    private bool _isStopped;

    /// <param name="server">The server.</param>
    /// <param name="isWebSocket">Whether WebSocket is spoken; otherwise texts with zero bytes between them.</param>
    /// <param name="tls">The certificate; null for no TLS.</param>
    /// <param name="ownsServer">Whether the server ends with the listener.</param>
    internal JstpListener(JstpServer server, bool isWebSocket, TlsCertificateOptions? tls, bool ownsServer)
    {
        Server = server;
        _ownsServer = ownsServer;
        _entrance = new Entrance(server);
        var options = new ListenerOptions { Tls = tls, LoggerFactory = server.LoggerFactory, TimeProvider = server.TimeProvider };
        _listener = isWebSocket
            ? new KestrelListener(options, new JstpEndpoint(_entrance).HandleAsync)
            : new KestrelListener(options, new JstpStreamEndpoint(_entrance).ServeAsync);
    }

    /// <summary>The clients, the applications and the events.</summary>
    public JstpServer Server { get; }

    /// <summary>Whether it listens.</summary>
    public bool IsListening => _listener.IsListening;

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<EndPoint> Addresses => _listener.Addresses;

    /// <summary>Starts to listen on a port.</summary>
    /// <param name="port">The TCP port; 0 for a free one.</param>
    /// <param name="address">The address; null for all addresses, IPv6 and IPv4.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The address and port that clients reach the server at.</returns>
    /// <exception cref="InvalidOperationException">The server listens already, or was stopped.</exception>
    /// <exception cref="IOException">The address is in use or not available, or a file of the certificate cannot be read.</exception>
    /// <exception cref="SessionStoreException">The session store cannot be used.</exception>
    public async Task<IPEndPoint> ListenAsync(int port = 0, IPAddress? address = null, CancellationToken cancellationToken = default) =>
        (IPEndPoint)await ListenAsync(port, address?.ToString(), KestrelListener.DefaultBacklog, cancellationToken);

    /// <summary>Starts to listen on a port of a host.</summary>
    /// <param name="port">The TCP port; 0 for a free one.</param>
    /// <param name="host">An address or name; null for all addresses, IPv6 and IPv4.</param>
    /// <param name="backlog">Connections that may wait to be accepted; the system has a cap of its own.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <inheritdoc cref="ListenAsync(int, IPAddress?, CancellationToken)"/>
    public async Task<EndPoint> ListenAsync(int port, string? host, int backlog = KestrelListener.DefaultBacklog, CancellationToken cancellationToken = default)
    {
        await BeginToListenAsync(cancellationToken);

        return await _listener.ListenAsync(port, host, backlog, cancellationToken);
    }

    /// <summary>Starts to listen on a Unix socket.</summary>
    /// <param name="unixPath">The path of the socket, which must not exist unless <paramref name="replaceStale"/> allows it. It is removed at the end.</param>
    /// <param name="replaceStale">Whether a socket that a dead process left behind is replaced.</param>
    /// <param name="mode">Who may connect; null leaves it to the process's mask. No effect on Windows.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <inheritdoc cref="ListenAsync(int, IPAddress?, CancellationToken)"/>
    public async Task<EndPoint> ListenAsync(
        string unixPath, bool replaceStale = false, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        await BeginToListenAsync(cancellationToken);

        return await _listener.ListenAsync(unixPath, replaceStale, mode, cancellationToken);
    }

    /// <summary>Starts to listen on an inherited socket that is bound. It stays the caller's, who has to close it in the end.</summary>
    /// <param name="handle">The file descriptor.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <inheritdoc cref="ListenAsync(int, IPAddress?, CancellationToken)"/>
    public async Task<EndPoint> ListenAsync(ulong handle, CancellationToken cancellationToken = default)
    {
        await BeginToListenAsync(cancellationToken);

        return await _listener.ListenAsync(handle, cancellationToken);
    }

    /// <summary>Starts to listen on a socket that is bound. It stays the caller's, who has to close it in the end.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <inheritdoc cref="ListenAsync(int, IPAddress?, CancellationToken)"/>
    public async Task<EndPoint> ListenAsync(Socket socket, CancellationToken cancellationToken = default)
    {
        await BeginToListenAsync(cancellationToken);

        return await _listener.ListenAsync(socket, cancellationToken);
    }

    /// <summary>
    /// Stops to listen, and closes the connections that came this way with 1001; those that do not close within
    /// <see cref="JstpServerOptions.CloseTimeout"/> are cut off. The server goes on with its sessions, and the listener can listen again.
    /// </summary>
    public Task CloseAsync() => _listener.StopAsync(_entrance.CloseAsync);

    /// <summary>
    /// Stops to listen for good. A server that was made together with the listener stops too: it closes all connections with 1001 and stores their
    /// sessions. One that was given goes on.
    /// </summary>
    public Task StopAsync()
    {
        _isStopped = true;

        return _listener.StopAsync(_ownsServer ? Server.StopAsync : _entrance.CloseAsync);
    }

    /// <summary>Stops, and releases what the listener holds.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _listener.DisposeAsync();
    }

    private async Task BeginToListenAsync(CancellationToken cancellationToken)
    {
        if (_isStopped || Server.IsStopping)
        {
            throw new InvalidOperationException("The server was stopped.");
        }

        await Server.StartAsync(cancellationToken);

        if (!IsListening)
        {
            _entrance.Open();
        }
    }
}
