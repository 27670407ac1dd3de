namespace Jstp.Transport.WebSockets;

/// <summary>The client went away before its request was answered.</summary>
public sealed class WebSocketHandshakeAbortedException(Exception? innerException = null)
    : WebSocketHandshakeException(0, "The client left before the handshake was complete.", innerException);
