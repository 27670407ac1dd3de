using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Sessions;

/// <summary>
/// The one writer of a node. All sessions that have changed since its last write go into the next one, so that they share the cost of a commit. While
/// the store cannot be reached it keeps what it had under way and tries again; what changes meanwhile is gathered in the sessions. Where nobody waits for
/// it (all modes but the strict one), it rests for longer than it writes, so that under load it writes more at once instead of more often.
/// </summary>
internal sealed partial class JournalActor(JstpServer server, ISessionStore store, Journal journal) : Actor<JournalMessage>
{
    private const int MaxBatch = 4096; // sessions in one transaction

    private const int RestsPerWrite = 4;

    private static readonly object DueTimer = new();
    private static readonly TimeSpan MaxRest = TimeSpan.FromMilliseconds(100); // what a node that dies may lose is what it had not written
    private static readonly TimeSpan MinRetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    private readonly List<Entry> _underWay = []; // not empty only while the store has failed to write it
    private TimeSpan _retryDelay = MinRetryDelay;
    private int _failures; // since the last write that went well

    private bool IsStrict => server.Options.Durability == SessionDurability.Strict;

    protected override ValueTask OnStartAsync(CancellationToken stopping)
    {
        ActorRef<JournalMessage> self = Context.Self;
        journal.SetWriter(message => self.TryTell(message));

        return ValueTask.CompletedTask;
    }

    protected override ValueTask ReceiveAsync(JournalMessage message, CancellationToken stopping)
    {
        if (message is JournalMessage.Due && _failures == 0)
        {
            Context.Timers.Cancel(DueTimer);

            return IsStrict ? WriteAllAsync(stopping) : WriteAndRestAsync(stopping);
        }

        if (message is JournalMessage.RetryDue)
        {
            return WriteAllAsync(stopping);
        }

        // While a timer runs, what has changed is written when it is over.
        if (Context.Timers.IsActive(DueTimer))
        {
            return ValueTask.CompletedTask;
        }

        if (IsStrict)
        {
            return WriteAllAsync(stopping);
        }

        Context.Timers.StartSingle(DueTimer, JournalMessage.Due.Instance, server.Options.JournalInterval);

        return ValueTask.CompletedTask;
    }

    protected override async ValueTask OnStoppedAsync()
    {
        await WriteAllAsync(CancellationToken.None);

        if (_underWay.Count > 0)
        {
            LogLeftUnwritten(Context.Logger, _underWay.Count);
        }
    }

    /// <summary>Writes what has changed so far, and rests: what changes meanwhile, and is made obsolete by acknowledgements, is written behind the rest.</summary>
    private async ValueTask WriteAndRestAsync(CancellationToken stopping)
    {
        if (journal.Count == 0 && _underWay.Count == 0)
        {
            return; // after a rest in which nothing has changed; the next change tells
        }

        long started = Context.TimeProvider.GetTimestamp();
        await WriteAllAsync(stopping, journal.Count);

        // While clients are held up for the journal there is nothing to be gained by resting.
        if (_failures == 0 && !Context.Timers.IsActive(DueTimer))
        {
            TimeSpan rest = journal.IsBehind ? TimeSpan.Zero : RestsPerWrite * Context.TimeProvider.GetElapsedTime(started);
            rest = rest < MaxRest ? rest : MaxRest;
            Context.Timers.StartSingle(DueTimer, JournalMessage.Due.Instance, rest > server.Options.JournalInterval ? rest : server.Options.JournalInterval);
        }
    }

    /// <param name="stopping">Gives up.</param>
    /// <param name="limit">How many sessions at most, without those that are under way.</param>
    private async ValueTask WriteAllAsync(CancellationToken stopping, int limit = int.MaxValue)
    {
        while (TryFill(ref limit))
        {
            try
            {
                await WriteAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return; // it is written once more at the end
            }
#pragma warning disable CA1031 // whatever the store throws, what it did not write is still here and is written later
            catch (Exception exception)
#pragma warning restore CA1031
            {
                OnFailed(exception, stopping);

                return;
            }
        }
    }

    private bool TryFill(ref int limit)
    {
        while (_underWay.Count == 0)
        {
            IReadOnlyList<SessionTracker> dirty = journal.Take(Math.Min(MaxBatch, limit));

            if (dirty.Count == 0)
            {
                return false;
            }

            limit -= dirty.Count;

            foreach (SessionTracker tracker in dirty)
            {
                if (tracker.Cut(out long sequence) is { } change)
                {
                    _underWay.Add(new Entry(tracker, change, sequence));
                }
                else
                {
                    tracker.OnWritten(sequence);
                }
            }
        }

        return true;
    }

    private async Task WriteAsync(CancellationToken stopping)
    {
        long started = Context.TimeProvider.GetTimestamp();
        IReadOnlyList<long> refused = await store.WriteAsync([.. _underWay.Select(static entry => entry.Change)], stopping);
        server.Metrics.JournalWritten(_underWay.Count, Context.TimeProvider.GetElapsedTime(started));
        var refusedKeys = refused.Count == 0 ? null : refused.ToHashSet();

        foreach (Entry entry in _underWay)
        {
            if (refusedKeys?.Contains(entry.Tracker.Key) == true)
            {
                entry.Tracker.OnRefused(entry.Change);
            }
            else
            {
                entry.Tracker.OnWritten(entry.Sequence);
            }
        }

        _underWay.Clear();
        OnSucceeded();
    }

    private void OnSucceeded()
    {
        if (_failures > 0)
        {
            LogRecovered(Context.Logger, _failures);
            _failures = 0;
            _retryDelay = MinRetryDelay;
            journal.SetFailing(false, holdsUp: false);
        }
    }

    private void OnFailed(Exception exception, CancellationToken stopping)
    {
        server.Metrics.StoreFailed();

        if (_failures++ == 0)
        {
            LogFailed(Context.Logger, exception, _underWay.Count);
            journal.SetFailing(true, holdsUp: IsStrict); // else it goes on, and risks more
        }

        if (!stopping.IsCancellationRequested)
        {
            Context.Timers.StartSingle(DueTimer, JournalMessage.RetryDue.Instance, _retryDelay);
            _retryDelay = TimeSpan.FromTicks(Math.Min(2 * _retryDelay.Ticks, MaxRetryDelay.Ticks));
        }
    }

    [LoggerMessage(2120, LogLevel.Error, "The changes of {Count} sessions could not be written. They are kept and tried again until it succeeds.")]
    private static partial void LogFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(2121, LogLevel.Information, "The session store can be written to again, after {Failures} failures.")]
    private static partial void LogRecovered(ILogger logger, int failures);

    [LoggerMessage(2122, LogLevel.Error, "The node stops, and the changes of {Count} sessions could not be written.")]
    private static partial void LogLeftUnwritten(ILogger logger, int count);

    private sealed record Entry(SessionTracker Tracker, SessionChange Change, long Sequence);
}
