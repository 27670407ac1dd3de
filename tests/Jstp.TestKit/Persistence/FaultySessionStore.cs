using Jstp.Actors.Persistence;

namespace Jstp.TestKit.Persistence;

/// <summary>
/// A session store that can be made to fail. Several may stand before one memory store, one for each node, so that a single node loses its way to it.
/// Disposing it disposes nothing but the memberships that were got from it.
/// </summary>
/// <param name="inner">The store behind it.</param>
public sealed class FaultySessionStore(ISessionStore inner) : ISessionStore
{
    private readonly Lock _lock = new();
    private readonly List<FaultyMembership> _memberships = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoreFault _fault;
    private int _waitingCount;

    /// <summary>What is wrong. Reading sessions, writing them and all else but leaving the cluster is affected, from the next call on.</summary>
    public StoreFault Fault
    {
        get => _fault;

        set
        {
            TaskCompletionSource changed;

            lock (_lock)
            {
                _fault = value;
                (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            changed.SetResult();
        }
    }

    /// <summary>Called when sessions were taken, before the node that asked for them learns of it; null for nothing.</summary>
    public Func<Task>? AfterTake { get; set; }

    /// <summary>How often sessions were asked for.</summary>
    public int TakeCount { get; private set; }

    /// <summary>Whether the node hears nothing of the others, and does not know it. What it says is heard.</summary>
    public bool IsDeaf
    {
        set
        {
            lock (_lock)
            {
                _memberships.ForEach(membership => membership.IsDeaf = value);
            }
        }
    }

    /// <summary>How many calls wait, as the fault is <see cref="StoreFault.Blocked"/>.</summary>
    public int WaitingCount => Volatile.Read(ref _waitingCount);

    /// <summary>Makes the memberships say that the store cannot be reached, or can be again: other nodes may hold them for dead meanwhile.</summary>
    public void SetCutOff(bool isCutOff)
    {
        FaultyMembership[] memberships;

        lock (_lock)
        {
            memberships = [.. _memberships];
        }

        foreach (FaultyMembership membership in memberships)
        {
            membership.SetCutOff(isCutOff);
        }
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            await inner.OpenAsync(cancellationToken);
            return true;
        }, whenDead: true, cancellationToken);

    /// <inheritdoc/>
    public async Task<INodeMembership> JoinAsync(string name, CancellationToken cancellationToken)
    {
        INodeMembership joined = await CallAsync(() => inner.JoinAsync(name, cancellationToken), whenDead: null!, cancellationToken);
        var membership = new FaultyMembership(joined);

        lock (_lock)
        {
            _memberships.Add(membership);
        }

        return membership;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionTakeResult>> TakeAsync(int node, IReadOnlyList<SessionTakeRequest> requests, CancellationToken cancellationToken) =>
        CallAsync(
            () => TakeThenAsync(node, requests, cancellationToken),
            whenDead: [.. requests.Select(static request => new SessionTakeResult(request.Id, Record: null, Owner: null))],
            cancellationToken);

    private async Task<IReadOnlyList<SessionTakeResult>> TakeThenAsync(
        int node, IReadOnlyList<SessionTakeRequest> requests, CancellationToken cancellationToken)
    {
        TakeCount++;
        IReadOnlyList<SessionTakeResult> results = await inner.TakeAsync(node, requests, cancellationToken);

        if (AfterTake is { } afterTake)
        {
            await afterTake();
        }

        return results;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> WriteAsync(IReadOnlyList<SessionChange> changes, CancellationToken cancellationToken) =>
        CallAsync(() => inner.WriteAsync(changes, cancellationToken), whenDead: [], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> FindLostAsync(IReadOnlyList<SessionClaim> claims, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindLostAsync(claims, cancellationToken), whenDead: [], cancellationToken, isReading: true);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress?>> PostAsync(IReadOnlyList<SessionPost> posts, CancellationToken cancellationToken) =>
        CallAsync(() => inner.PostAsync(posts, cancellationToken), whenDead: new SessionAddress?[posts.Count], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress>> PostToUserAsync(
        string? application, string userName, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken) =>
        CallAsync(() => inner.PostToUserAsync(application, userName, tail, cancellationToken), whenDead: [], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPost>> ReadPostsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadPostsAsync(keys, cancellationToken), whenDead: [], cancellationToken, isReading: true);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionPresence>> FindAsync(SessionFilter filter, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindAsync(filter, limit, cancellationToken), whenDead: [], cancellationToken, isReading: true);

    /// <inheritdoc/>
    public Task<int> ExpireAsync(TimeSpan lifetime, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ExpireAsync(lifetime, limit, cancellationToken), whenDead: 0, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        FaultyMembership[] memberships;

        lock (_lock)
        {
            memberships = [.. _memberships];
        }

        foreach (FaultyMembership membership in memberships)
        {
            await membership.DisposeAsync();
        }
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, T whenDead, CancellationToken cancellationToken, bool isReading = false)
    {
        StoreFault fault = await PassAsync(cancellationToken);

        if (fault == StoreFault.Unreachable || (fault == StoreFault.ReadOnly && !isReading))
        {
            throw new SessionStoreException("The test has made the store unreachable.");
        }

        if (fault == StoreFault.Dead)
        {
            return whenDead;
        }

        T result = await call();
        return fault == StoreFault.AnswersLost ? throw new SessionStoreException("The test has lost the store's answer.") : result;
    }

    private async Task<StoreFault> PassAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;

            lock (_lock)
            {
                if (_fault != StoreFault.Blocked)
                {
                    return _fault;
                }

                changed = _changed.Task;
            }

            Interlocked.Increment(ref _waitingCount);

            try
            {
                await changed.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waitingCount);
            }
        }
    }
}
