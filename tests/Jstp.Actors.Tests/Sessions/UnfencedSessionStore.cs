using Jstp.Actors.Persistence;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>A store that would let everybody write: it puts the present epoch in place of the one that a change carries, as if nobody checked.</summary>
internal sealed class UnfencedSessionStore(ISessionStore inner) : ISessionStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _epochs = [];

    public Task OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

    public Task<INodeMembership> JoinAsync(string name, CancellationToken cancellationToken) => inner.JoinAsync(name, cancellationToken);

    public async Task<IReadOnlyList<SessionTakeResult>> TakeAsync(int node, IReadOnlyList<SessionTakeRequest> requests, CancellationToken cancellationToken)
    {
        IReadOnlyList<SessionTakeResult> results = await inner.TakeAsync(node, requests, cancellationToken);

        lock (_lock)
        {
            foreach (SessionRecord record in results.Select(static result => result.Record).OfType<SessionRecord>())
            {
                _epochs[record.Key] = record.Epoch;
            }
        }

        return results;
    }

    public Task<IReadOnlyList<long>> WriteAsync(IReadOnlyList<SessionChange> changes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return inner.WriteAsync([.. changes.Select(change => change with { Epoch = _epochs.GetValueOrDefault(change.Key, change.Epoch) })], cancellationToken);
        }
    }

    public Task<IReadOnlyList<long>> FindLostAsync(IReadOnlyList<SessionClaim> claims, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<long>>([]);

    public Task<IReadOnlyList<SessionAddress?>> PostAsync(IReadOnlyList<SessionPost> posts, CancellationToken cancellationToken) =>
        inner.PostAsync(posts, cancellationToken);

    public Task<IReadOnlyList<SessionAddress>> PostToUserAsync(
        string? application, string userName, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken) =>
        inner.PostToUserAsync(application, userName, tail, cancellationToken);

    public Task<IReadOnlyList<StoredPost>> ReadPostsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
        inner.ReadPostsAsync(keys, cancellationToken);

    public Task<IReadOnlyList<SessionPresence>> FindAsync(SessionFilter filter, int limit, CancellationToken cancellationToken) =>
        inner.FindAsync(filter, limit, cancellationToken);

    public Task<int> ExpireAsync(TimeSpan lifetime, int limit, CancellationToken cancellationToken) =>
        inner.ExpireAsync(lifetime, limit, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
