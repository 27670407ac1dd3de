namespace Jstp.Cluster.Tests.Topology;

/// <summary>How a cluster is set up.</summary>
internal sealed record ClusterOptions
{
    /// <summary>How many nodes there are.</summary>
    public int NodeCount { get; init; } = 3;

    /// <summary>What is durable, and when.</summary>
    public string Durability { get; init; } = "Strict";

    /// <summary>Further arguments of every node.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Nodes that reach PostgreSQL through a proxy, which can be cut or frozen.</summary>
    public IReadOnlyList<string> NodesBehindProxy { get; init; } = [];
}
