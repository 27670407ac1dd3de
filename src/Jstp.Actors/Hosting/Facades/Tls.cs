using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Transport.Listening;

// The place that the name has in the original: jstp.tls.
namespace Jstp;

/// <summary>JSTP over TLS, without WebSocket, for programs without a host of their own, as <c>jstp.tls</c> has it.</summary>
public static class Tls
{
    private static readonly ListenerFactory Listeners = new(isWebSocket: false, hasTls: true);

    /// <summary>Makes a server; it listens after <see cref="JstpListener.ListenAsync(int, System.Net.IPAddress?, CancellationToken)"/>.</summary>
    /// <param name="options">What it serves, and its limits, with a certificate in <see cref="JstpServerOptions.Tls"/>.</param>
    /// <param name="listener">Called with every new client, after the answer of its handshake.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work; the message names its key.</exception>
    /// <exception cref="ArgumentException">An application cannot be served, or the certificate is missing or incomplete; the message says why.</exception>
    public static JstpListener CreateServer(JstpServerOptions options, Action<JstpConnection>? listener = null) => Listeners.Create(options, listener);

    /// <summary>Makes a server with default options.</summary>
    /// <param name="applications">What it serves.</param>
    /// <param name="certificate">The certificate that it proves itself with.</param>
    /// <param name="listener">Called with every new client, after the answer of its handshake.</param>
    /// <inheritdoc cref="CreateServer(JstpServerOptions, Action{JstpConnection})"/>
    public static JstpListener CreateServer(IEnumerable<JstpApplication> applications, TlsCertificateOptions certificate, Action<JstpConnection>? listener = null) =>
        Listeners.Create(applications, certificate, listener);

    /// <summary>Makes a further listener of a server, whose clients and sessions it shares: a session may be restored by another transport. The server outlives it.</summary>
    /// <param name="server">The server, with a certificate in <see cref="JstpServerOptions.Tls"/>.</param>
    /// <exception cref="ArgumentException">The certificate is missing or incomplete.</exception>
    public static JstpListener CreateServer(JstpServer server) => Listeners.Create(server);
}
