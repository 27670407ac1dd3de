using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Kernel.Internal;

internal abstract partial class ActorCell
{
    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Error, "{Path} failed on {What}.")]
        internal static partial void Failed(ILogger logger, Exception failure, string path, string what);

        [LoggerMessage(1001, LogLevel.Warning, "{Path} failed: {Directive}, after {Backoff}.")]
        internal static partial void Judged(ILogger logger, string path, SupervisionDirective directive, TimeSpan backoff);

        [LoggerMessage(1002, LogLevel.Information, "{Path} restarts.")]
        internal static partial void Restarting(ILogger logger, string path);

        [LoggerMessage(1003, LogLevel.Error, "{Path} used up its {Limit} restarts within {Window}.")]
        internal static partial void RestartsExceeded(ILogger logger, string path, int limit, TimeSpan window);

        [LoggerMessage(1004, LogLevel.Error, "The failure of {Path} was escalated beyond the top level: it stops.")]
        internal static partial void EscalatedToTop(ILogger logger, string path);

        [LoggerMessage(1005, LogLevel.Error, "{Path} failed while it was taken leave of.")]
        internal static partial void GoodbyeFailed(ILogger logger, Exception failure, string path);

        [LoggerMessage(1006, LogLevel.Error, "A callback on the stopping token of {Path} failed.")]
        internal static partial void CancellationFailed(ILogger logger, Exception failure, string path);

        [LoggerMessage(1007, LogLevel.Critical, "{Path} ends: the kernel failed while running it.")]
        internal static partial void Aborted(ILogger logger, Exception bug, string path);
    }
}
