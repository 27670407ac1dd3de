using Microsoft.AspNetCore.Http;

namespace Jstp.Transport.WebSockets;

/// <summary>A request that meant to become a connection and did not, through no decision of the application.</summary>
/// <param name="HttpContext">The request; it has been answered.</param>
/// <param name="StatusCode">What it was answered; 0 when the client was gone.</param>
/// <param name="Reason">What was wrong.</param>
/// <param name="Exception">The cause, when an exception was.</param>
public sealed record WebSocketUpgradeError(HttpContext HttpContext, int StatusCode, string Reason, Exception? Exception = null);
