using System.Diagnostics;

namespace Jstp.Cluster.Tests.Swarms;

/// <summary>How long outages were.</summary>
internal static class Outages
{
    /// <summary>From the loss of the connection to the answer of the handshake, the client's own backoff included.</summary>
    public static TimeSpan Whole(Outage outage) => Stopwatch.GetElapsedTime(outage.LostAt, outage.ResumedAt);

    /// <summary>From the first attempt to come back to the answer of the handshake.</summary>
    public static TimeSpan Attempting(Outage outage) => Stopwatch.GetElapsedTime(outage.FirstAttemptAt, outage.ResumedAt);
}
