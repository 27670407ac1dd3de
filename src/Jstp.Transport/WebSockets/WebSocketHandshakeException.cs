namespace Jstp.Transport.WebSockets;

/// <summary>An opening handshake did not lead to a connection.</summary>
public class WebSocketHandshakeException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="statusCode">The HTTP status that was answered; 0 when there was none.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public WebSocketHandshakeException(int statusCode, string message, Exception? innerException = null)
        : base(message, innerException)
        => StatusCode = statusCode;

    /// <summary>The HTTP status that was answered; 0 when there was none.</summary>
    public int StatusCode { get; }
}
