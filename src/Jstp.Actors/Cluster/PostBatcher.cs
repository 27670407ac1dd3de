using Jstp.Actors.Persistence;

namespace Jstp.Actors.Cluster;

/// <summary>Leaves events for sessions in the store: one transaction at a time, which takes whatever came while the one before it was written. Thread-safe.</summary>
/// <param name="store">The store.</param>
/// <param name="onPosted">Called for each transaction with the sessions that got events, before the senders know.</param>
internal sealed class PostBatcher(ISessionStore store, Action<IReadOnlyCollection<SessionAddress>> onPosted)
{
    /// <summary>Events that may wait. A store that is so far behind is better told of to whoever sends than kept from it.</summary>
    public const int MaxWaiting = 65_536;

    private const int MaxBatchSize = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _isWriting;

    /// <summary>Leaves an event.</summary>
    /// <returns>Whether there is such a session.</returns>
    /// <exception cref="SessionStoreException">The store has failed, and the event may be left or not; or too many events wait for it already.</exception>
    public Task<bool> PostAsync(SessionPost post)
    {
        var waiting = new Waiting(post, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));

        lock (_gate)
        {
            if (_waiting.Count >= MaxWaiting)
            {
                throw new SessionStoreException($"{MaxWaiting} events wait for the session store, which is too slow for them or away.");
            }

            _waiting.Enqueue(waiting);

            if (!_isWriting)
            {
                _isWriting = true;
                _ = WriteAllAsync();
            }
        }

        return waiting.Outcome.Task;
    }

    private async Task WriteAllAsync()
    {
        // A memory store completes at once, inside the sender's lock if nothing left it.
        await Task.Yield();

        while (Take() is { Length: > 0 } batch)
        {
            try
            {
                IReadOnlyList<SessionAddress?> addresses = await store.PostAsync([.. batch.Select(waiting => waiting.Post)], CancellationToken.None);
                onPosted([.. addresses.OfType<SessionAddress>()]);

                for (int i = 0; i < batch.Length; i++)
                {
                    batch[i].Outcome.SetResult(addresses[i] is not null);
                }
            }
#pragma warning disable CA1031 // whoever sent the events is told, and further events are not held up
            catch (Exception exception)
#pragma warning restore CA1031
            {
                foreach (Waiting waiting in batch)
                {
                    waiting.Outcome.TrySetException(exception);
                }
            }
        }
    }

    private Waiting[] Take()
    {
        lock (_gate)
        {
            var batch = new Waiting[Math.Min(_waiting.Count, MaxBatchSize)];

            for (int i = 0; i < batch.Length; i++)
            {
                batch[i] = _waiting.Dequeue();
            }

            _isWriting = batch.Length > 0;

            return batch;
        }
    }

    private readonly record struct Waiting(SessionPost Post, TaskCompletionSource<bool> Outcome);
}
