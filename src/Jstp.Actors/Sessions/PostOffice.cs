using Jstp.Actors.Cluster;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Sessions;

/// <summary>
/// Leaves events in the store for sessions that this node does not hold, and tells their owners. Its batches are whatever came in while the one before
/// was under way. Events wait while the store cannot be reached, up to a limit.
/// </summary>
internal sealed partial class PostOffice(JstpServer server, ISessionStore store) : Actor<PostOfficeMessage>
{
    private const int MaxWaiting = 100_000;
    private const int MaxBatch = 4096;

    private static readonly object RetryTimer = new();
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly Queue<SessionPost> _waiting = new();
    private bool _isFailing;

    protected override ValueTask ReceiveAsync(PostOfficeMessage message, CancellationToken stopping)
    {
        if (message is PostOfficeMessage.Post post)
        {
            Take(post.Item);

            return ValueTask.CompletedTask;
        }

        return DeliverAsync(stopping);
    }

    protected override async ValueTask OnStoppedAsync()
    {
        await DeliverAsync(CancellationToken.None);
        OnDropped(_waiting.Count);
    }

    private void Take(SessionPost post)
    {
        if (_waiting.Count >= MaxWaiting)
        {
            OnDropped(1);

            return;
        }

        _waiting.Enqueue(post);

        if (_waiting.Count == 1 && !_isFailing)
        {
            Context.Self.Tell(PostOfficeMessage.Due.Instance); // behind what is in the mailbox already
        }
    }

    private async ValueTask DeliverAsync(CancellationToken stopping)
    {
        while (_waiting.Count > 0)
        {
            SessionPost[] batch = [.. _waiting.Take(MaxBatch)];

            try
            {
                Announce(batch, await store.PostAsync(batch, stopping));
            }
#pragma warning disable CA1031 // whatever the store throws, the events are still here
            catch (Exception exception)
#pragma warning restore CA1031
            {
                OnFailed(exception, stopping);

                return;
            }

            _isFailing = false;

            for (int i = 0; i < batch.Length; i++)
            {
                _waiting.Dequeue();
            }
        }
    }

    private void Announce(SessionPost[] posts, IReadOnlyList<SessionAddress?> addresses)
    {
        string[] over = [.. posts.Where((_, i) => addresses[i] is null).Select(static post => post.SessionId)];

        if (over.Length > 0)
        {
            OnDropped(over.Length);
            server.Sessions.TryTell(new SessionRegionMessage.FoundOver([.. over.Distinct()]));
        }

        foreach (SessionAddress address in addresses.OfType<SessionAddress>().Distinct())
        {
            if (address.Owner is { } owner)
            {
                server.Say(owner, new ClusterMessage.Posted([address.Key]));
            }
        }
    }

    private void OnFailed(Exception exception, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        if (!_isFailing)
        {
            _isFailing = true;
            server.Metrics.StoreFailed();
            LogFailed(Context.Logger, exception, _waiting.Count);
        }

        Context.Timers.StartSingle(RetryTimer, PostOfficeMessage.Due.Instance, RetryDelay);
    }

    private void OnDropped(int count)
    {
        if (count > 0)
        {
            server.Metrics.MessagesLost(count);
            LogDropped(Context.Logger, count);
        }
    }

    [LoggerMessage(2130, LogLevel.Error, "{Count} events for sessions elsewhere could not be left in the store. It is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(2131, LogLevel.Warning, "{Count} events were dropped: their sessions are over, or too many wait for the store.")]
    private static partial void LogDropped(ILogger logger, int count);
}
