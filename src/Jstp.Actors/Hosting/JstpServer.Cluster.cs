using Jstp.Actors.Cluster;
using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Hosting;

// What the nodes of a cluster do for each other (docs/cluster.md).
public sealed partial class JstpServer
{
    private readonly JstpCluster? _cluster;
    private readonly ClusterMetrics? _clusterMetrics;

    /// <summary>All servers that share the session store of this one; there may be no other.</summary>
    /// <exception cref="InvalidOperationException">The server has no session store.</exception>
    public JstpCluster Cluster => _cluster ?? throw new InvalidOperationException(
        $"A server without {nameof(JstpServerOptions)}.{nameof(JstpServerOptions.SessionStore)} belongs to no cluster.");

    /// <summary>Whether the server has a session store, and so a <see cref="Cluster"/>.</summary>
    public bool HasCluster => _cluster is not null;

    /// <summary>Speaks with the other nodes; null without a session store.</summary>
    internal ActorRef<ClusterActorMessage>? ClusterNode { get; }

    /// <summary>Says something to a node, which may be this one, or to all others. From any thread.</summary>
    internal void Say(int? node, ClusterMessage message) => ClusterNode?.TryTell(new ClusterActorMessage.Say(node, message));

    internal void BroadcastHere(string? application, ReadOnlyMemory<byte> tail) =>
        Broadcast(client => application is null || client.Application.Name == application, tail);

    internal void DisconnectUserHere(string? application, string userName) =>
        DisconnectHere(client => client.UserName == userName && (application is null || client.Application.Name == application));

    internal void DisconnectSessionHere(string sessionId) => DisconnectHere(client => client.SessionId == sessionId);

    internal void OnNodesChanged() => Raise(Cluster.NodesChangedListeners, Cluster);

    private void DisconnectHere(Func<JstpConnection, bool> isMeant)
    {
        foreach (JstpConnection client in _clients.Values)
        {
            if (isMeant(client))
            {
                client.Close();
            }
        }
    }
}
