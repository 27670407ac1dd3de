using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Kernel.Internal;

internal sealed partial class DeadLetterOffice
{
    private static partial class Log
    {
        [LoggerMessage(1020, LogLevel.Warning, "{Type} for {Path} became a dead letter: {Reason}.")]
        internal static partial void DeadLettered(ILogger logger, string type, string path, DeadLetterReason reason);

        [LoggerMessage(1021, LogLevel.Warning, "{More} more {Type} for {Path} became dead letters.")]
        internal static partial void MoreDeadLettered(ILogger logger, long more, string type, string path);

        [LoggerMessage(1022, LogLevel.Error, "An observer of dead letters failed.")]
        internal static partial void ObserverFailed(ILogger logger, Exception failure);
    }
}
