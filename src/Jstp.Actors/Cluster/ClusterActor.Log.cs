using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Cluster;

// Events 2400 to 2419.
internal sealed partial class ClusterActor
{
    [LoggerMessage(2400, LogLevel.Warning, "Messages of node {Sender} cannot be read and are ignored; that is said only once.")]
    private static partial void LogUnreadable(ILogger logger, int sender);

    [LoggerMessage(2401, LogLevel.Warning, "The session store cannot be reached: other nodes may take the sessions of this one.")]
    private static partial void LogCutOff(ILogger logger);

    [LoggerMessage(2402, LogLevel.Information, "The session store can be reached again.")]
    private static partial void LogReturned(ILogger logger);
}
