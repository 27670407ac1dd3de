using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Cluster;

/// <summary>
/// Deletes sessions from the store to which no client came back. Of all nodes the oldest does it, a batch at a time, so that the store is never busy with it.
/// </summary>
internal sealed partial class PurgeActor(JstpServerOptions options, INodeMembership membership, ClusterMetrics metrics) : Actor<PurgeDue>
{
    /// <summary>How many sessions are deleted in one transaction.</summary>
    public const int BatchSize = 1000;

    /// <summary>The pause when there is more to delete.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly object Timer = new();
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);

    private bool _hasFailed; // since it last succeeded: said once, not every minute of an outage

    /// <summary>The pause when there is nothing more to delete: short enough for a session to live at most a quarter too long, for a long life not even that.</summary>
    private TimeSpan Interval
    {
        get
        {
            TimeSpan quarter = options.InactiveSessionLifetime / 4;

            return quarter > LongestInterval ? LongestInterval : quarter < ShortestInterval ? ShortestInterval : quarter;
        }
    }

    protected override ValueTask OnStartAsync(CancellationToken stopping)
    {
        Context.Timers.StartSingle(Timer, PurgeDue.Instance, Interval);

        return ValueTask.CompletedTask;
    }

    protected override async ValueTask ReceiveAsync(PurgeDue message, CancellationToken stopping)
    {
        bool isMore = false;

        try
        {
            isMore = await IsOldestAsync(stopping) && await PurgeAsync(stopping);
            _hasFailed = false;
        }
        catch (SessionStoreException exception)
        {
            metrics.PurgeFailed();

            if (!_hasFailed)
            {
                _hasFailed = true;
                LogFailed(Context.Logger, exception);
            }
        }

        Context.Timers.StartSingle(Timer, PurgeDue.Instance, isMore ? Pause : Interval);
    }

    private async Task<bool> IsOldestAsync(CancellationToken stopping)
    {
        if (membership.IsCutOff)
        {
            return false;
        }

        IReadOnlyList<NodeInfo> nodes = await membership.GetNodesAsync(stopping);

        return nodes.Count > 0 && nodes[0].Number == membership.Number;
    }

    private async Task<bool> PurgeAsync(CancellationToken stopping)
    {
        int count = await options.SessionStore!.ExpireAsync(options.InactiveSessionLifetime, BatchSize, stopping);
        metrics.Expired(count);

        return count >= BatchSize;
    }

    [LoggerMessage(2420, LogLevel.Warning, "Sessions to which no client came back could not be deleted; it is tried again and again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
