using Jstp.Client.Channels;
using Jstp.Client.Connections;
using Jstp.Client.Remote;
using Jstp.Client.Sessions;
using Jstp.Transport.Protocol;
using Microsoft.Extensions.Options;

namespace Jstp.Client;

/// <summary>
/// Connects to JSTP servers. URLs are <c>ws://host:port/path</c> and <c>wss://…</c>, and for servers that speak JSTP over byte streams <c>tcp://host:port</c>,
/// <c>tls://host:port</c> and <c>unix:/path</c>.
/// </summary>
public static class JstpClient
{
    /// <summary>Connects and opens a session. A first attempt that fails is not repeated (protocol page, section 12).</summary>
    /// <param name="application">The application: a name, <c>name@range</c>, or both as <see cref="JstpApplicationName"/>.</param>
    /// <param name="options">The options; null for the defaults. Not to be changed afterwards.</param>
    /// <param name="url">Where the server is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The URL is none of a JSTP server.</exception>
    /// <exception cref="OptionsValidationException">An option cannot work; the message names it.</exception>
    /// <exception cref="JstpException">
    /// The server has refused: <see cref="JstpErrorCode.ApplicationNotFound"/>, <see cref="JstpErrorCode.AuthenticationFailed"/>, an error of the application, or
    /// <see cref="JstpErrorCode.NoHandshakeResponse"/> when it ended the connection.
    /// </exception>
    /// <exception cref="Transport.WebSockets.WebSocketHandshakeException">No WebSocket connection came about.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">No connection came about.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">TLS failed.</exception>
    /// <exception cref="InvalidDataException">The server does not speak JSTP.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="JstpClientOptions.ConnectTimeout"/>.</exception>
    public static async Task<JstpClientConnection> ConnectAsync(
        JstpApplicationName application, JstpClientOptions? options, Uri url, CancellationToken cancellationToken = default)
    {
        JstpClientConnection connection = Create(application, options, url);
        await connection.StartAsync(session: null, cancellationToken).ConfigureAwait(false);

        return connection;
    }

    /// <inheritdoc cref="ConnectAsync(JstpApplicationName, JstpClientOptions, Uri, CancellationToken)"/>
    public static Task<JstpClientConnection> ConnectAsync(
        JstpApplicationName application, JstpClientOptions? options, string url, CancellationToken cancellationToken = default) =>
        ConnectAsync(application, options, ToUri(url), cancellationToken);

    /// <summary>Connects, opens a session, and asks for the methods of some interfaces.</summary>
    /// <inheritdoc cref="ConnectAsync(JstpApplicationName, JstpClientOptions, Uri, CancellationToken)"/>
    /// <param name="application">The application.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="interfaces">The interfaces, all of which are asked for at once.</param>
    /// <param name="url">Where the server is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JstpInspectFailedException">An interface could not be inspected; the connection, which the exception holds, stays.</exception>
    public static async Task<JstpInspectedConnection> ConnectAndInspectAsync(
        JstpApplicationName application,
        JstpClientOptions? options,
        IReadOnlyCollection<string> interfaces,
        Uri url,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interfaces);
        JstpClientConnection connection = await ConnectAsync(application, options, url, cancellationToken).ConfigureAwait(false);
        (string Name, Task<IReadOnlyList<string>> Methods)[] inspects =
            [.. interfaces.Distinct().Select(name => (name, connection.InspectAsync(name, cancellationToken)))];
        await ((Task)Task.WhenAll(inspects.Select(static inspect => inspect.Methods))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var api = new Dictionary<string, JstpRemoteProxy>(StringComparer.Ordinal);

        foreach ((string name, Task<IReadOnlyList<string>> methods) in inspects)
        {
            try
            {
                api.Add(name, new JstpRemoteProxy(connection, name, await methods.ConfigureAwait(false)));
            }
            catch (Exception exception) when (exception is JstpException or InvalidOperationException or OperationCanceledException)
            {
                throw new JstpInspectFailedException(connection, name, exception);
            }
        }

        return new JstpInspectedConnection(connection, api);
    }

    /// <inheritdoc cref="ConnectAndInspectAsync(JstpApplicationName, JstpClientOptions, IReadOnlyCollection{string}, Uri, CancellationToken)"/>
    public static Task<JstpInspectedConnection> ConnectAndInspectAsync(
        JstpApplicationName application,
        JstpClientOptions? options,
        IReadOnlyCollection<string> interfaces,
        string url,
        CancellationToken cancellationToken = default) =>
        ConnectAndInspectAsync(application, options, interfaces, ToUri(url), cancellationToken);

    /// <summary>
    /// Restores a connection's session at once over a new transport: instead of waiting for the next attempt, or to move to another server. A transport that
    /// still works is given up.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="url">Where to; null for where it was. Later attempts go there too.</param>
    /// <param name="cancellationToken">Gives up waiting; the attempt goes on.</param>
    /// <exception cref="JstpConnectionClosedException">The connection has ended for good.</exception>
    /// <remarks>Otherwise throws what this one attempt failed with, see <see cref="ConnectAsync(JstpApplicationName, JstpClientOptions, Uri, CancellationToken)"/>; further ones follow as the reconnector says.</remarks>
    public static Task ReconnectAsync(JstpClientConnection connection, Uri? url = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);

        if (url is not null)
        {
            ClientTransport.ThrowIfUnusable(url);
        }

        return connection.ReconnectAsync(url, cancellationToken);
    }

    /// <summary>Resumes a session of another run of the program. What that run had sent and the server does not have is sent again.</summary>
    /// <param name="session">The session.</param>
    /// <param name="application">The application that it belongs to.</param>
    /// <param name="options">The options; null for the defaults. The connect policy is not asked.</param>
    /// <param name="url">Where the server is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The session belongs to another application, or the URL is none of a JSTP server.</exception>
    /// <exception cref="JstpException"><see cref="JstpErrorCode.AuthenticationFailed"/>: the server does not have the session any more.</exception>
    /// <inheritdoc cref="ConnectAsync(JstpApplicationName, JstpClientOptions, Uri, CancellationToken)" path="/exception"/>
    public static async Task<JstpClientConnection> ReconnectAsync(
        JstpSessionState session, JstpApplicationName application, JstpClientOptions? options, Uri url, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        JstpClientConnection connection = Create(application, options, url);

        if (session.Application != application.Name)
        {
            throw new ArgumentException($"The session belongs to '{session.Application}', not to '{application.Name}'.", nameof(session));
        }

        await connection.StartAsync(session, cancellationToken).ConfigureAwait(false);

        return connection;
    }

    private static JstpClientConnection Create(JstpApplicationName application, JstpClientOptions? options, Uri url)
    {
        ArgumentNullException.ThrowIfNull(application);
        ClientTransport.ThrowIfUnusable(url);
        options ??= new JstpClientOptions();
        JstpClientOptionsValidator.ThrowIfInvalid(options);
        var connection = new JstpClientConnection(application, options, url);
        options.ConfigureConnection?.Invoke(connection);

        return connection;
    }

    private static Uri ToUri(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? uri : throw new ArgumentException($"'{url}' is no absolute URL.", nameof(url));
}
