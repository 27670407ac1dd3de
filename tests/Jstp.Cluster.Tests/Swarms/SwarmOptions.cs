using System.Net;

namespace Jstp.Cluster.Tests.Swarms;

/// <summary>What the clients of a swarm have in common.</summary>
internal sealed record SwarmOptions
{
    /// <summary>Where clients connect to, unless one is told otherwise.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>The application that they use.</summary>
    public string Application { get; init; } = "cluster";

    /// <summary>How long they wait before they come back.</summary>
    public Backoff Backoff { get; init; } = Backoff.Reference;

    /// <summary>How long an attempt to connect may take, until the answer of the handshake.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The seed of all chance.</summary>
    public int Seed { get; init; } = 20_261_121;
}
