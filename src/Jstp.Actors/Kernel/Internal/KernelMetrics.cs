using System.Diagnostics.Metrics;

namespace Jstp.Actors.Kernel.Internal;

/// <summary>What the kernel counts, for all systems of the process, under the meter <c>Jstp.Actors</c>.</summary>
internal static class KernelMetrics
{
    private static readonly Meter Meter = new("Jstp.Actors");

    internal static readonly Counter<long> DeadLetters =
        Meter.CreateCounter<long>("jstp.actors.dead_letters", "{message}", "Messages that nobody handled.");

    internal static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("jstp.actors.failures", "{failure}", "Turns, starts and goodbyes that threw.");

    internal static readonly Counter<long> Restarts =
        Meter.CreateCounter<long>("jstp.actors.restarts", "{restart}", "Actors that were replaced by a new instance.");
}
