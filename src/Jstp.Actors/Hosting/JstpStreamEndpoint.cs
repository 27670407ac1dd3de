using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Connections;
using Jstp.Transport.WebSockets;

namespace Jstp.Actors.Hosting;

/// <summary>The end of a JSTP server for connections that carry no HTTP: TCP, TLS, Unix sockets (protocol page, appendix).</summary>
internal sealed class JstpStreamEndpoint(Entrance entrance)
{
    private readonly JstpServerOptions _options = entrance.Server.Options;

    /// <summary>Serves one connection, or ends it at once if it is not welcome: before a handshake there is no way to say why.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The end of a channel, orderly or not, gives its memory back.")]
    public Task ServeAsync(UpgradedConnection connection) =>
        entrance.TryEnter(connection.RemoteAddress)
            ? entrance.ServeAsync(new StreamChannel(connection, _options.MaxMessageSize))
            : connection.CompleteAsync(_options.CloseTimeout, entrance.Server.TimeProvider).AsTask();
}
