using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;

// The place that the name has in the original: jstp.ws.
namespace Jstp;

/// <summary>JSTP over WebSocket for programs without a host of their own, as <c>jstp.ws</c> has it.</summary>
public static class Ws
{
    private static readonly ListenerFactory Listeners = new(isWebSocket: true, hasTls: false);

    /// <summary>Makes a server; it listens after <see cref="JstpListener.ListenAsync(int, System.Net.IPAddress?, CancellationToken)"/>.</summary>
    /// <param name="options">What it serves, and its limits.</param>
    /// <param name="listener">Called with every new client, after the answer of its handshake.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work; the message names its key.</exception>
    /// <exception cref="ArgumentException">An application cannot be served, or a certificate is given that would not be used; the message says why.</exception>
    public static JstpListener CreateServer(JstpServerOptions options, Action<JstpConnection>? listener = null) => Listeners.Create(options, listener);

    /// <summary>Makes a server with default options.</summary>
    /// <param name="applications">What it serves.</param>
    /// <param name="listener">Called with every new client, after the answer of its handshake.</param>
    /// <inheritdoc cref="CreateServer(JstpServerOptions, Action{JstpConnection})"/>
    public static JstpListener CreateServer(IEnumerable<JstpApplication> applications, Action<JstpConnection>? listener = null) =>
        Listeners.Create(applications, tls: null, listener);

    /// <summary>Makes a further listener of a server, whose clients and sessions it shares: a session may be restored by another transport. The server outlives it.</summary>
    /// <param name="server">The server.</param>
    public static JstpListener CreateServer(JstpServer server) => Listeners.Create(server);
}
