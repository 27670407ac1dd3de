using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>What operators should know of the PostgreSQL store. Numbers 2500 to 2599.</summary>
internal static partial class PostgreSqlLog
{
    [LoggerMessage(2500, LogLevel.Warning, "Node {Node} is cut off from PostgreSQL, and others may hold it for dead: {Reason}")]
    public static partial void CutOff(ILogger logger, string node, string reason);

    [LoggerMessage(2501, LogLevel.Information, "Node {Node} is connected to PostgreSQL again, after {Attempts} attempts.")]
    public static partial void Returned(ILogger logger, string node, int attempts);

    [LoggerMessage(2502, LogLevel.Critical, "Another process has joined as node {Node}: this one stays cut off, and must be stopped or renamed.")]
    public static partial void Superseded(ILogger logger, string node);

    [LoggerMessage(2503, LogLevel.Warning, "{Count} messages to other nodes were dropped: {Reason}")]
    public static partial void MessagesDropped(ILogger logger, int count, string reason);

    [LoggerMessage(2504, LogLevel.Error, "A listener of the cluster's events failed.")]
    public static partial void HandlerFailed(ILogger logger, Exception exception);
}
