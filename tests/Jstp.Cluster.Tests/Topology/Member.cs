using System.Net;

namespace Jstp.Cluster.Tests.Topology;

/// <summary>A process of a cluster, as the script's <c>status</c> tells it.</summary>
/// <param name="Name">Its name: a node, <c>postgres</c> or <c>balancer</c>.</param>
/// <param name="ProcessId">Its process id; null while it is down.</param>
/// <param name="Address">Where it listens.</param>
internal sealed record Member(string Name, int? ProcessId, IPEndPoint Address);
