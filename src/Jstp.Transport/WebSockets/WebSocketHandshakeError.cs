namespace Jstp.Transport.WebSockets;

/// <summary>Why a request cannot become a WebSocket connection, and how to answer it.</summary>
/// <param name="StatusCode">The HTTP status: 400, or 426 for a version that is not spoken.</param>
/// <param name="Reason">What is wrong, for <c>X-WebSocket-Reject-Reason</c>.</param>
public sealed record WebSocketHandshakeError(int StatusCode, string Reason);
