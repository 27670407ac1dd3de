using System.Diagnostics.Metrics;

namespace Jstp.Actors.Cluster;

/// <summary>The instruments of one node. Their meter is called <c>Jstp.Cluster</c>; every measurement bears the node's name.</summary>
internal sealed class ClusterMetrics : IDisposable
{
    public const string MeterName = "Jstp.Cluster";

    private static readonly KeyValuePair<string, object?> UnknownReason = new("reason", "unknown");
    private static readonly KeyValuePair<string, object?> UnreadableReason = new("reason", "unreadable");

    private readonly Meter _meter;
    private readonly Counter<long> _said;
    private readonly Counter<long> _heard;
    private readonly Counter<long> _ignored;
    private readonly Counter<long> _posted;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _purgeFailures;

    public ClusterMetrics(string node, Func<bool> isReady)
    {
        _meter = new Meter(MeterName, version: null, tags: [KeyValuePair.Create<string, object?>("jstp.node", node)]);
        _said = _meter.CreateCounter<long>("jstp.cluster.messages_sent", "{message}", "Messages to other nodes; those that were said together count once.");
        _heard = _meter.CreateCounter<long>("jstp.cluster.messages_received", "{message}", "Messages of other nodes; those that were said together count once.");
        _ignored = _meter.CreateCounter<long>("jstp.cluster.messages_ignored", "{message}", "Messages of other nodes that this one does not know or cannot read.");
        _posted = _meter.CreateCounter<long>("jstp.cluster.events_posted", "{event}", "Events that were left in the store for sessions.");
        _expired = _meter.CreateCounter<long>("jstp.cluster.sessions_expired", "{session}", "Sessions that were deleted because no client came back.");
        _purgeFailures = _meter.CreateCounter<long>("jstp.cluster.purge_failures", "{operation}", "Searches for such sessions that failed.");
        _meter.CreateObservableGauge("jstp.cluster.ready", () => isReady() ? 1 : 0, unit: null, "1 while the node takes clients and reaches the store, or else 0.");
    }

    public void Said() => _said.Add(1);

    public void Heard() => _heard.Add(1);

    public void Unknown(int count) => _ignored.Add(count, UnknownReason);

    public void Unreadable() => _ignored.Add(1, UnreadableReason);

    public void Posted(int count) => _posted.Add(count);

    public void Expired(int count) => _expired.Add(count);

    public void PurgeFailed() => _purgeFailures.Add(1);

    public void Dispose() => _meter.Dispose();
}
