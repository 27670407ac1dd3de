namespace Jstp.Actors.Persistence;

/// <summary>
/// Keeps sessions beyond the process that serves them, and says which node owns which (docs/sessions.md). Every session has an owner, or none, and an
/// epoch, which rises whenever the owner changes; a write that carries an older epoch changes nothing, so a node that was cut off and comes back cannot
/// harm a session that has moved. Everything is in batches, since the cost of durability is that of a commit, not of a row. Thread-safe.
/// </summary>
/// <remarks>
/// Members throw <see cref="SessionStoreException"/> when the store cannot be reached or fails; then none of a batch was carried out, or all of it,
/// and nobody knows which: whoever writes repeats the batch, which is harmless (<see cref="WriteAsync"/>).
/// </remarks>
public interface ISessionStore : IAsyncDisposable
{
    /// <summary>Connects, and creates or migrates what the store needs. Called once, before anything else.</summary>
    /// <exception cref="SessionStoreException">The store cannot be used; the message tells an operator why.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Announces a process as a node. As long as the membership is held, nobody takes its sessions without asking.</summary>
    /// <param name="name">The node's name, as operators know it. A name that comes back is a new node, whose predecessor is dead.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<INodeMembership> JoinAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a node the owner of sessions, and reads them. Each epoch rises. A session that another living node owns is left as it is unless it is
    /// forced.
    /// </summary>
    /// <param name="node">The number of the node that takes.</param>
    /// <param name="requests">Which sessions; an id must not be there twice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The outcomes, in the order of the requests.</returns>
    Task<IReadOnlyList<SessionTakeResult>> TakeAsync(int node, IReadOnlyList<SessionTakeRequest> requests, CancellationToken cancellationToken);

    /// <summary>
    /// Writes changes of several sessions in one transaction that is durable when the task completes. A change whose epoch is not the stored one is
    /// refused; the others of its batch are written. To write a change that has been written already changes nothing more, and is not refused, even if the
    /// session has moved since: a release is known by its epoch, and what is to be deleted and is not there was deleted.
    /// </summary>
    /// <param name="changes">At most one for each session.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The keys of the sessions whose changes were refused: they have another owner, or are deleted. Mostly empty.</returns>
    Task<IReadOnlyList<long>> WriteAsync(IReadOnlyList<SessionChange> changes, CancellationToken cancellationToken);

    /// <summary>Finds out which sessions a node still owns, after it could not reach the store for a while.</summary>
    /// <returns>The keys of those whose stored epoch is another one.</returns>
    Task<IReadOnlyList<long>> FindLostAsync(IReadOnlyList<SessionClaim> claims, CancellationToken cancellationToken);

    /// <summary>
    /// Leaves events for sessions, whoever owns them or nobody. The owner, told by the caller, collects them; or whoever takes the session next. What has an
    /// origin is left out where the session has that message: the store remembers, for each epoch that was ended by force, how far its messages were written.
    /// </summary>
    /// <param name="posts">The events. Those of one session and one epoch of origin are in the order of their magnitudes, over all calls.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>For each post whether the session exists and who owns it, in the order of the posts.</returns>
    Task<IReadOnlyList<SessionAddress?>> PostAsync(IReadOnlyList<SessionPost> posts, CancellationToken cancellationToken);

    /// <summary>Leaves one event for every session of a user.</summary>
    /// <param name="application">The application's name; null for all.</param>
    /// <param name="userName">The user.</param>
    /// <param name="tail">The event, as <see cref="SessionPost.Tail"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sessions that will get it.</returns>
    Task<IReadOnlyList<SessionAddress>> PostToUserAsync(
        string? application, string userName, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken);

    /// <summary>Reads the events that were left for sessions, oldest first for each session. They stay until a change collects them.</summary>
    Task<IReadOnlyList<StoredPost>> ReadPostsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken);

    /// <summary>Lists sessions: who is there, connected where.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<SessionPresence>> FindAsync(SessionFilter filter, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes sessions that no living node owns and that no client has come back to for a time. The time of a session whose node died counts from the
    /// first call that finds it dead.
    /// </summary>
    /// <param name="lifetime">The time, by the store's clock.</param>
    /// <param name="limit">How many at most, so that no transaction is long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> ExpireAsync(TimeSpan lifetime, int limit, CancellationToken cancellationToken);
}
