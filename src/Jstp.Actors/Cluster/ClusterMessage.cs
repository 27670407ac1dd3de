namespace Jstp.Actors.Cluster;

/// <summary>What one node of a cluster says to another, or to all others. It may be lost: what must not be is in the session store before it is said.</summary>
internal abstract record ClusterMessage
{
    /// <summary>Clients have come back to the sender for sessions of the receiver, who is to let go of them.</summary>
    public sealed record HandOver(IReadOnlyList<string> SessionIds) : ClusterMessage;

    /// <summary>The sender has let go of sessions that the receiver has asked for.</summary>
    public sealed record Released(IReadOnlyList<string> SessionIds) : ClusterMessage;

    /// <summary>The sender has left events in the store for sessions of the receiver.</summary>
    public sealed record Posted(IReadOnlyList<long> SessionKeys) : ClusterMessage;

    /// <summary>An event for every client of an application; of all applications when the name is null.</summary>
    /// <param name="Application">The application's name.</param>
    /// <param name="Tail">The text of the event behind its id.</param>
    public sealed record Broadcast(string? Application, ReadOnlyMemory<byte> Tail) : ClusterMessage;

    /// <summary>The connections of a user are to be closed; in all applications when the name is null.</summary>
    public sealed record DisconnectUser(string? Application, string UserName) : ClusterMessage;

    /// <summary>The connection of a session is to be closed.</summary>
    public sealed record DisconnectSession(string SessionId) : ClusterMessage;

    /// <summary>The sender has joined, or drains.</summary>
    public sealed record NodesChanged : ClusterMessage
    {
        public static NodesChanged Instance { get; } = new();
    }
}
