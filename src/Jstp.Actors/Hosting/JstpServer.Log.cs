using System.Net;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Hosting;

// Events 2300 to 2399.
public sealed partial class JstpServer
{
    private volatile bool _isServingWeb;
    private int _hasWarnedOfOrigins; // 1 once it was said that pages of any origin can connect

    /// <summary>Notes that browsers can reach the server.</summary>
    internal void NoteServingWeb()
    {
        _isServingWeb = true;
        WarnIfOpenToAnyOrigin();
    }

    // Once: pages of others reach the server with the addresses and the certificates of whoever visits them. A server that does not start need not say so.
    private void WarnIfOpenToAnyOrigin()
    {
        if (_isServingWeb && IsWelcoming && Options is { AllowedOrigins: null, OriginCheck: null } && Interlocked.Exchange(ref _hasWarnedOfOrigins, 1) == 0)
        {
            LogOpenToAnyOrigin(Logger);
        }
    }

    [LoggerMessage(2300, LogLevel.Information, "A connection from {RemoteEndPoint} was closed: it did not complete its handshake in time.")]
    private static partial void LogHandshakeTimedOut(ILogger logger, string? remoteEndPoint);

    [LoggerMessage(2301, LogLevel.Error, "A listener of the server's events failed.")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(2302, LogLevel.Warning, "{Count} connections did not end in time and were cut off.")]
    private static partial void LogEndTimedOut(ILogger logger, int count);

    [LoggerMessage(2303, LogLevel.Warning, "A connection from {Address} was refused: a limit of connections is reached. Further ones are counted and not logged.")]
    private static partial void LogRefused(ILogger logger, IPAddress? address);

    [LoggerMessage(2304, LogLevel.Warning, "Web pages of any origin can connect over WebSocket; set Jstp:AllowedOrigins, to * if that is meant.")]
    private static partial void LogOpenToAnyOrigin(ILogger logger);

    [LoggerMessage(2305, LogLevel.Warning, "The client of session {Session} is away and the session storage is slow: what waits for both has reached its limit, and no more is kept.")]
    private static partial void LogOutboxFull(ILogger logger, string session);

    [LoggerMessage(2310, LogLevel.Information, "The server is node {Number} of its cluster, '{Node}'.")]
    private static partial void LogJoined(ILogger logger, int number, string node);

    [LoggerMessage(2311, LogLevel.Information, "The node drains: {Count} clients are sent away.")]
    private static partial void LogDraining(ILogger logger, int count);

    [LoggerMessage(2312, LogLevel.Warning, "The node did not drain in time: {Count} clients are still connected, or sessions are not released.")]
    private static partial void LogDrainTimedOut(ILogger logger, int count);

    [LoggerMessage(2313, LogLevel.Warning, "The session store could not be told what the node is doing.")]
    private static partial void LogStateNotTold(ILogger logger, Exception exception);
}
