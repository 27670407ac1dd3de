using System.Net;
using Jstp.Actors.Connections;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Jstp.Actors.Hosting;

/// <summary>The HTTP end of a JSTP server: accepts WebSocket requests that speak JSTP and refuses all others (WebSocket page, section 12).</summary>
internal sealed class JstpEndpoint
{
    private const string Subprotocol = "metarhia-jstp";

    private readonly Entrance _entrance;
    private readonly WebSocketProtocolOptions _protocolOptions;
    private readonly WebSocketCompressionOptions? _compression;
    private readonly bool _allowsVersion8;
    private readonly bool _keepsRequest;
    private readonly int _plainHttpStatus;
    private readonly Func<string?, bool> _isOriginAllowed;
    private readonly Func<UpgradedConnection, Task> _serve;

    public JstpEndpoint(Entrance entrance)
    {
        _entrance = entrance;
        JstpServerOptions server = entrance.Server.Options;
        WebSocketServerOptions options = server.WebSocket;
        _protocolOptions = new WebSocketProtocolOptions
        {
            MaxReceivedFrameSize = server.MaxMessageSize,
            MaxReceivedMessageSize = server.MaxMessageSize,
            MaxFragmentsPerMessage = options.MaxFragmentsPerMessage,
            FragmentOutgoingMessages = options.FragmentOutgoingMessages,
            FragmentationThreshold = options.FragmentationThreshold,
            AcceptBinary = options.AcceptBinary,
            MaxControlFramesPerSecond = options.MaxControlFramesPerSecond,
            TimeProvider = entrance.Server.TimeProvider,
        };
        _compression = options.Compression;
        _allowsVersion8 = options.AllowVersion8;
        _keepsRequest = options.KeepRequest;
        _plainHttpStatus = server.PlainHttpStatus;
        _isOriginAllowed = OriginCheck(server);
        entrance.Server.NoteServingWeb();
        _serve = connection => entrance.ServeAsync(new WebSocketChannel(connection, _protocolOptions));
    }

    /// <summary>Handles one request. Returns when its connection has ended.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (!WebSocketHandshake.IsWebSocketRequest(context))
        {
            context.Response.StatusCode = _plainHttpStatus;

            return;
        }

        if (!WebSocketHandshake.TryRead(context, _allowsVersion8, out WebSocketHandshake? handshake, out WebSocketHandshakeError? error))
        {
            await WebSocketHandshake.RefuseAsync(context, error, _allowsVersion8);
        }
        else if (handshake.FindProtocol(Subprotocol) is not { } protocol || !_isOriginAllowed(handshake.Origin))
        {
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status403Forbidden);
        }
        else if (!_entrance.TryEnter(context.Connection.RemoteIpAddress))
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
        IPAddress? address = handshake.HttpContext.Connection.RemoteIpAddress;

        try
        {
            WebSocketCompression? compression = WebSocketCompression.Negotiate(handshake.RequestedExtensions, _compression);
            Func<UpgradedConnection, Task> serve = compression is null ? _serve : Compressed(compression);

            await handshake.AcceptAsync(protocol, serve, compression?.Answer, _keepsRequest);
        }
        catch (Exception exception) when (exception is WebSocketHandshakeAbortedException or WebSocketHandshakeException)
        {
            _entrance.Leave(address); // the client is gone, or has been told that there is no room for it
        }
    }

    private Func<UpgradedConnection, Task> Compressed(WebSocketCompression compression) =>
        connection => _entrance.ServeAsync(new WebSocketChannel(connection, _protocolOptions, compression));

    private static Func<string?, bool> OriginCheck(JstpServerOptions options)
    {
        if (options.OriginCheck is { } check)
        {
            return check;
        }

        return options.AllowedOrigins is { } allowed ? origin => OriginList.Allows(allowed, origin) : static _ => true;
    }
}
