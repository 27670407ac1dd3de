using System.Net.Http.Headers;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// A client's connection after the opening handshake, to be driven by its owner: read <see cref="Connection"/>'s input into <see cref="Protocol"/>, flush its
/// output, and end with <see cref="WebSocketCloser"/>.
/// </summary>
public sealed class WebSocketClientConnection
{
    internal WebSocketClientConnection(UpgradedConnection connection, WebSocketProtocol protocol, string? subprotocol, HttpResponseHeaders responseHeaders)
    {
        Connection = connection;
        Protocol = protocol;
        Subprotocol = subprotocol;
        ResponseHeaders = responseHeaders;
    }

    /// <summary>The bytes.</summary>
    public UpgradedConnection Connection { get; }

    /// <summary>Our end of the protocol.</summary>
    public WebSocketProtocol Protocol { get; }

    /// <summary>The subprotocol that the server chose; <see langword="null"/> when none was asked for.</summary>
    public string? Subprotocol { get; }

    /// <summary>The headers of the server's answer.</summary>
    public HttpResponseHeaders ResponseHeaders { get; }
}
