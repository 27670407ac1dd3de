using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Cluster;

/// <summary>
/// All servers that share a session store, seen from one of them (docs/cluster.md): reaches clients and sessions wherever they are. Sessions of applications
/// with an <c>ISessionStorageProvider</c> are not in the store and not reached by user or id; broadcasts reach their clients. Thread-safe.
/// </summary>
/// <remarks>
/// Members that need the store throw <see cref="SessionStoreException"/> when it cannot be reached or fails, and all throw
/// <see cref="InvalidOperationException"/> before the server has started.
/// </remarks>
public sealed class JstpCluster
{
    /// <summary>The most sessions that <see cref="FindSessionsAsync"/> lists at once.</summary>
    public const int MaxFoundSessions = 100_000;

    private readonly JstpServer _server;
    private readonly ISessionStore _store;
    private readonly ClusterMetrics _metrics;
    private readonly PostBatcher _posts;

    internal JstpCluster(JstpServer server, ISessionStore store, ClusterMetrics metrics)
    {
        _server = server;
        _store = store;
        _metrics = metrics;
        _posts = new PostBatcher(store, TellOwners);
    }

    /// <summary>Another node has joined, or begins to drain. A node that died does not say so: ask <see cref="GetNodesAsync"/>.</summary>
    public event Action<JstpCluster>? NodesChanged;

    /// <summary>The number of this node, which no other node has, nor ever had.</summary>
    public int NodeNumber => Membership.Number;

    /// <summary>Whether the session store cannot be reached at present, so that nobody on other nodes is reached either.</summary>
    public bool IsCutOff => Membership.IsCutOff;

    internal Action<JstpCluster>? NodesChangedListeners => NodesChanged;

    private INodeMembership Membership =>
        _server.Membership ?? throw new InvalidOperationException("The server has not started: call JstpServer.StartAsync first.");

    /// <summary>
    /// Sends an event to every client of every application that is connected to any node. It is not kept for clients that are away, and nodes that are cut
    /// off miss it. Completes when it is on its way.
    /// </summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">The arguments; each is written by its own type.</param>
    /// <exception cref="MdsfConversionException">An argument has no form in MDSF.</exception>
    /// <exception cref="ArgumentException">The event is longer than a message may be.</exception>
    public Task BroadcastAsync(string interfaceName, string eventName, params ReadOnlySpan<object?> arguments) =>
        Broadcast(application: null, Encode(interfaceName, eventName, arguments));

    /// <summary>Sends an event to every client of one application, whichever its version, that is connected to any node.</summary>
    /// <inheritdoc cref="BroadcastAsync(string, string, ReadOnlySpan{object?})"/>
    public Task BroadcastToAsync(string applicationName, string interfaceName, string eventName, params ReadOnlySpan<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(applicationName);

        return Broadcast(applicationName, Encode(interfaceName, eventName, arguments));
    }

    /// <summary>
    /// Leaves an event for every session of a user, whether a client is connected or away. The event is durable when the task completes, and each client gets
    /// it exactly once, as if its own node had sent it.
    /// </summary>
    /// <param name="applicationName">The application's name; null for all.</param>
    /// <param name="userName">The user.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">The arguments; each is written by its own type.</param>
    /// <returns>How many sessions get it.</returns>
    /// <exception cref="SessionStoreException">The store has failed; the event may be left or not.</exception>
    /// <inheritdoc cref="BroadcastAsync(string, string, ReadOnlySpan{object?})"/>
    public Task<int> SendToUserAsync(
        string? applicationName, string userName, string interfaceName, string eventName, params ReadOnlySpan<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(userName);

        return PostToUserAsync(applicationName, userName, Encode(interfaceName, eventName, arguments));
    }

    /// <summary>
    /// Leaves an event for a session, whether its client is connected, to whichever node, or away. The event is durable when the task completes, and the client
    /// gets it exactly once, as if its own node had sent it.
    /// </summary>
    /// <param name="sessionId">The session id, a secret.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">The arguments; each is written by its own type.</param>
    /// <returns>Whether there is such a session. One that was opened a moment ago may not be in the store yet.</returns>
    /// <exception cref="SessionStoreException">The store has failed, and the event may be left or not; or too many events wait for it.</exception>
    /// <inheritdoc cref="BroadcastAsync(string, string, ReadOnlySpan{object?})"/>
    public Task<bool> SendToSessionAsync(string sessionId, string interfaceName, string eventName, params ReadOnlySpan<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(sessionId);

        return PostToSessionAsync(sessionId, Encode(interfaceName, eventName, arguments));
    }

    /// <summary>
    /// Closes the connections of a user on every node, as <see cref="JstpConnection.Close"/> does: the sessions stay, and clients may come back. Whoever must
    /// not come back is refused by the authenticator. Completes when it is on its way.
    /// </summary>
    /// <param name="applicationName">The application's name; null for all.</param>
    /// <param name="userName">The user.</param>
    public Task DisconnectUserAsync(string? applicationName, string userName)
    {
        ArgumentNullException.ThrowIfNull(userName);
        _server.DisconnectUserHere(applicationName, userName);

        return SayToOthers(new ClusterMessage.DisconnectUser(applicationName, userName));
    }

    /// <summary>Closes the connection of a session, on whichever node it is; the session stays. Completes when it is on its way.</summary>
    /// <param name="sessionId">The session id, a secret.</param>
    public Task DisconnectSessionAsync(string sessionId)
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        _server.DisconnectSessionHere(sessionId);

        return SayToOthers(new ClusterMessage.DisconnectSession(sessionId));
    }

    /// <summary>Lists sessions: who is there, connected where. It is what the nodes have written, which lags behind by <see cref="JstpServerOptions.JournalInterval"/>.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">How many at most, 1 to <see cref="MaxFoundSessions"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<SessionPresence>> FindSessionsAsync(
        SessionFilter filter, int limit = 1000, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxFoundSessions);
        _ = Membership; // the store is open

        return _store.FindAsync(filter, limit, cancellationToken);
    }

    /// <summary>Lists the nodes of the cluster, this one included, oldest first.</summary>
    public Task<IReadOnlyList<NodeInfo>> GetNodesAsync(CancellationToken cancellationToken = default) => Membership.GetNodesAsync(cancellationToken);

    private ReadOnlyMemory<byte> Encode(string interfaceName, string eventName, ReadOnlySpan<object?> arguments) =>
        MessageTail.Event(interfaceName, eventName, arguments, _server.Options.MaxMessageSize);

    private Task Broadcast(string? application, ReadOnlyMemory<byte> tail)
    {
        _server.BroadcastHere(application, tail);

        return SayToOthers(new ClusterMessage.Broadcast(application, tail));
    }

    private Task SayToOthers(ClusterMessage message)
    {
        _ = Membership; // or nobody would hear it
        _server.Say(node: null, message);

        return Task.CompletedTask;
    }

    private async Task<int> PostToUserAsync(string? application, string userName, ReadOnlyMemory<byte> tail)
    {
        _ = Membership;
        IReadOnlyList<SessionAddress> addresses = await _store.PostToUserAsync(application, userName, tail, CancellationToken.None);
        TellOwners(addresses);

        return addresses.Count;
    }

    private async Task<bool> PostToSessionAsync(string sessionId, ReadOnlyMemory<byte> tail)
    {
        _ = Membership;

        return await _posts.PostAsync(new SessionPost(sessionId, tail));
    }

    // Sessions without an owner have their events read by whoever takes them.
    private void TellOwners(IReadOnlyCollection<SessionAddress> addresses)
    {
        _metrics.Posted(addresses.Count);

        foreach (IGrouping<int?, SessionAddress> owned in addresses.Where(address => address.Owner is not null).GroupBy(address => address.Owner))
        {
            _server.Say(owned.Key, new ClusterMessage.Posted([.. owned.Select(address => address.Key).Distinct()]));
        }
    }
}
