using System.Net.Http.Headers;

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

    /// <summary>Creates the exception for a client.</summary>
    /// <param name="statusCode">The HTTP status that the server answered.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="headers">The headers of the server's answer.</param>
    public WebSocketHandshakeException(int statusCode, string message, HttpResponseHeaders headers)
        : base(message)
        => (StatusCode, Headers) = (statusCode, headers);

    /// <summary>The HTTP status that was answered; 0 when there was none.</summary>
    public int StatusCode { get; }

    /// <summary>The headers of the server's answer; <see langword="null"/> at the server, and when there was no answer.</summary>
    public HttpResponseHeaders? Headers { get; }
}
