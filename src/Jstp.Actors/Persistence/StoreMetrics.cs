using System.Diagnostics.Metrics;

namespace Jstp.Actors.Persistence;

/// <summary>What stores lose, which somebody should know.</summary>
internal static class StoreMetrics
{
    private static readonly Meter Meter = new("Jstp.Actors");

    /// <summary>Messages to other nodes that were never sent.</summary>
    public static readonly Counter<long> BusMessagesDropped = Meter.CreateCounter<long>(
        "jstp.bus.messages_dropped", "{message}", "Messages to other nodes that were dropped, as the store could not be reached or was too slow.");

    /// <summary>Times at which a node may have missed messages of others.</summary>
    public static readonly Counter<long> BusGaps = Meter.CreateCounter<long>(
        "jstp.bus.gaps", "{gap}", "Times at which messages of other nodes may have been missed.");
}
