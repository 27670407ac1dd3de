using Jstp.Actors.Persistence.Local;

namespace Jstp.Actors.Persistence.Memory;

/// <summary>
/// Keeps sessions in this process: they survive their connections, not the process. Several servers of one process may share one, which makes them a
/// cluster. A node lives until its membership is disposed. The texts of messages are kept as they are given and must not change.
/// </summary>
/// <param name="timeProvider">The store's clock; null for the system's.</param>
public sealed class MemorySessionStore(TimeProvider? timeProvider = null) : ISessionStore
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly Dictionary<long, MemorySession> _byKey = [];
    private readonly Dictionary<string, MemorySession> _byId = new(StringComparer.Ordinal);
    private readonly LocalCluster _cluster = new();
    private readonly Dictionary<int, DateTimeOffset> _foundDeadAt = [];
    private int _lastNumber;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<INodeMembership> JoinAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Task.FromResult<INodeMembership>(_cluster.Join(Interlocked.Increment(ref _lastNumber), name, _time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionTakeResult>> TakeAsync(int node, IReadOnlyList<SessionTakeRequest> requests, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<SessionTakeResult>>([.. requests.Select(request => TakeLocked(node, request))]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> WriteAsync(IReadOnlyList<SessionChange> changes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            return Task.FromResult<IReadOnlyList<long>>([.. changes.Where(change => !TryWriteLocked(change, now)).Select(static change => change.Key)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> FindLostAsync(IReadOnlyList<SessionClaim> claims, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<long>>(
                [.. claims.Where(claim => _byKey.GetValueOrDefault(claim.Key)?.Epoch != claim.Epoch).Select(static claim => claim.Key)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress?>> PostAsync(IReadOnlyList<SessionPost> posts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<SessionAddress?>>([.. posts.Select(PostLocked)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress>> PostToUserAsync(
        string? application, string userName, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var addresses = new List<SessionAddress>();

            foreach (MemorySession session in _byKey.Values)
            {
                if (session.UserName == userName && (application is null || session.Application == application))
                {
                    session.Post(tail);
                    addresses.Add(session.Address);
                }
            }

            return Task.FromResult<IReadOnlyList<SessionAddress>>(addresses);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPost>> ReadPostsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredPost>>([.. keys.SelectMany(key => _byKey.GetValueOrDefault(key)?.Posts ?? [])]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionPresence>> FindAsync(SessionFilter filter, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<SessionPresence>>([.. _byKey.Values
                .Where(session => (filter.Application ?? session.Application) == session.Application
                    && (filter.UserName ?? session.UserName) == session.UserName
                    && (filter.SessionId ?? session.Id) == session.Id)
                .Select(PresenceLocked)
                .Where(presence => (filter.IsConnected ?? presence.IsConnected) == presence.IsConnected)
                .Take(limit)]);
        }
    }

    /// <inheritdoc/>
    public Task<int> ExpireAsync(TimeSpan lifetime, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();

            foreach (MemorySession session in _byKey.Values)
            {
                if (session.Owner is { } owner && !_cluster.IsAlive(owner))
                {
                    _foundDeadAt.TryAdd(owner, now);
                }
            }

            List<MemorySession> expired = [.. _byKey.Values.Where(session => AbandonedAtLocked(session) <= now - lifetime).Take(limit)];
            expired.ForEach(DeleteLocked);
            return Task.FromResult(expired.Count);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cluster.LeaveAllAsync();

    private SessionTakeResult TakeLocked(int node, SessionTakeRequest request)
    {
        if (!_byId.TryGetValue(request.Id, out MemorySession? session))
        {
            return new SessionTakeResult(request.Id, Record: null, Owner: null);
        }

        if (!request.Force && session.Owner is { } owner && owner != node && _cluster.IsAlive(owner))
        {
            return new SessionTakeResult(request.Id, Record: null, owner);
        }

        return new SessionTakeResult(request.Id, session.Take(node), Owner: null);
    }

    private bool TryWriteLocked(SessionChange change, DateTimeOffset now)
    {
        if (change.Creation is { } creation && !_byKey.ContainsKey(change.Key) && !_byId.ContainsKey(creation.Id))
        {
            var created = new MemorySession(change.Key, creation, change.Epoch, now);
            _byKey.Add(created.Key, created);
            _byId.Add(created.Id, created);
        }

        if (!_byKey.TryGetValue(change.Key, out MemorySession? session))
        {
            return change.Transition == SessionTransition.Deleted;
        }

        if (session.Epoch != change.Epoch)
        {
            return change.Transition == SessionTransition.Released && session.ReleasedEpoch == change.Epoch;
        }

        session.Apply(change, now);

        if (change.Transition == SessionTransition.Deleted)
        {
            DeleteLocked(session);
        }

        return true;
    }

    private SessionAddress? PostLocked(SessionPost post)
    {
        if (!_byId.TryGetValue(post.SessionId, out MemorySession? session))
        {
            return null;
        }

        session.Post(post.Tail, post.Origin);
        return session.Address;
    }

    private SessionPresence PresenceLocked(MemorySession session)
    {
        int? owner = session.Owner is { } number && _cluster.IsAlive(number) ? number : null;
        return new SessionPresence(session.Id, session.Application, session.UserName, owner, owner is not null && session.IsConnected);
    }

    /// <summary>Since when nobody has the session; null while a living node owns it.</summary>
    private DateTimeOffset? AbandonedAtLocked(MemorySession session) => session.Owner switch
    {
        null => session.IdleSince,
        { } owner when _cluster.IsAlive(owner) => null,
        { } owner => _foundDeadAt[owner],
    };

    private void DeleteLocked(MemorySession session)
    {
        _byKey.Remove(session.Key);
        _byId.Remove(session.Id);
    }
}
