namespace Jstp.Actors.Persistence;

/// <summary>A process as a member of a cluster. Disposing it leaves the cluster: what the node still owns may then be taken at once.</summary>
public interface INodeMembership : IAsyncDisposable
{
    /// <summary>Raised with true when the store could not be reached, so that others may hold the node for dead; with false when it can be again.</summary>
    event Action<bool>? CutOffChanged;

    /// <summary>A number that no other node has, nor ever had.</summary>
    int Number { get; }

    /// <summary>The node's name.</summary>
    string Name { get; }

    /// <summary>Whether other nodes may hold this one for dead. Sessions may be lost then, which <see cref="ISessionStore.FindLostAsync"/> tells afterwards.</summary>
    bool IsCutOff { get; }

    /// <summary>What the nodes say to each other.</summary>
    IClusterBus Bus { get; }

    /// <summary>Changes the state that others see.</summary>
    Task SetStateAsync(NodeState state, CancellationToken cancellationToken);

    /// <summary>Lists the nodes that are members at this moment, this one included, oldest first.</summary>
    Task<IReadOnlyList<NodeInfo>> GetNodesAsync(CancellationToken cancellationToken);
}
