using Jstp.Actors.Connections;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Jstp.Actors.Hosting;

/// <summary>The HTTP end of a JSTP server: accepts WebSocket requests that speak JSTP and refuses all others (WebSocket page, section 12).</summary>
internal sealed class JstpEndpoint
{
    private const string Subprotocol = "metarhia-jstp";

    private readonly JstpServer _server;
    private readonly WebSocketProtocolOptions _protocolOptions;
    private readonly Func<string?, bool> _isOriginAllowed;
    private readonly Func<UpgradedConnection, Task> _serve;

    public JstpEndpoint(JstpServer server)
    {
        _server = server;
        _protocolOptions = new WebSocketProtocolOptions
        {
            MaxReceivedFrameSize = server.Options.MaxMessageSize,
            MaxReceivedMessageSize = server.Options.MaxMessageSize,
            TimeProvider = server.TimeProvider,
        };
        _isOriginAllowed = OriginCheck(server.Options);
        _serve = connection => server.ServeAsync(new WebSocketChannel(connection, _protocolOptions));
    }

    /// <summary>Handles one request. Returns when its connection has ended.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (!WebSocketHandshake.IsWebSocketRequest(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;

            return;
        }

        if (!WebSocketHandshake.TryRead(context, allowVersion8: true, out WebSocketHandshake? handshake, out WebSocketHandshakeError? error))
        {
            await WebSocketHandshake.RefuseAsync(context, error);
        }
        else if (handshake.FindProtocol(Subprotocol) is not { } protocol || !_isOriginAllowed(handshake.Origin))
        {
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status403Forbidden);
        }
        else if (!_server.IsWelcoming)
        {
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable);
        }
        else
        {
            await AcceptAsync(handshake, protocol);
        }
    }

    private async Task AcceptAsync(WebSocketHandshake handshake, string protocol)
    {
        try
        {
            await handshake.AcceptAsync(protocol, _serve);
        }
        catch (Exception exception) when (exception is WebSocketHandshakeAbortedException or WebSocketHandshakeException)
        {
            // The client is gone, or has been told that there is no room for it.
        }
    }

    private static Func<string?, bool> OriginCheck(JstpServerOptions options)
    {
        if (options.OriginCheck is { } check)
        {
            return check;
        }

        if (options.AllowedOrigins is { } allowed)
        {
            var origins = new HashSet<string>(allowed, StringComparer.OrdinalIgnoreCase);

            return origin => origin is null || origins.Contains(origin);
        }

        return static _ => true;
    }
}
