using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Sessions;

// Events 2100 to 2199. Session ids are secrets: the log gets a part of them.
internal sealed partial class SessionActor
{
    [LoggerMessage(2100, LogLevel.Warning, "Session {Session} was refused: it belongs to another application than '{Application}'.")]
    private static partial void LogOtherApplication(ILogger logger, string session, string application);

    [LoggerMessage(2101, LogLevel.Warning, "Session {Session} was refused: {Count} connections in a row ended by a fault of the client.")]
    private static partial void LogFruitless(ILogger logger, string session, int count);

    [LoggerMessage(2102, LogLevel.Warning, "The client of session {Session} is away and {Count} messages of {Length} bytes wait for it; no more are kept.")]
    private static partial void LogBufferFull(ILogger logger, string session, int count, long length);

    [LoggerMessage(2103, LogLevel.Debug, "Session {Session} has left the memory: its client did not return in time.")]
    private static partial void LogExpired(ILogger logger, string session);

    [LoggerMessage(2106, LogLevel.Warning, "The client of session {Session} does not show that it has its answers; those so far are kept no longer.")]
    private static partial void LogAnswersGivenUp(ILogger logger, string session);
}
