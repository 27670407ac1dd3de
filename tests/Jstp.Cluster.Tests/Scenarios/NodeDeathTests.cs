using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests.Scenarios;

public sealed class NodeDeathTests(ITestOutputHelper output)
{
    private const int SessionCount = 1000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Strict_NodeIsKilledUnderLoad_EveryEventArrivesExactlyOnce()
    {
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { Durability = "Strict" });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer });

        TapeLoad load = await LoseNodeAsync(cluster, swarm, figures);

        Assert.Equal(0, load.FailedCount);
        Assert.Equal(0, await load.CountUnevenAsync());
        await swarm.RunAsync(() => Assert.All(swarm.Sessions, session =>
        {
            Assert.Null(session.Events.FirstFault);
            Assert.Equal(0, session.RepeatedIdCount);
            Assert.Equal(0, session.RefusalCount);
        }));
    }

    // What the last batches did not hold is lost with the node, as the mode says; this run tells how much that is. Everybody comes back all the same.
    [Fact]
    public async Task Continuous_NodeIsKilledUnderLoad_EveryClientResumes()
    {
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { Durability = "Continuous" });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer });

        TapeLoad load = await LoseNodeAsync(cluster, swarm, figures);

        Assert.Equal(0, load.FailedCount);
        await swarm.RunAsync(() =>
        {
            long missing = swarm.Sessions.Sum(session => session.Events.MissingCount);
            long repeated = swarm.Sessions.Sum(session => session.Events.RepeatedCount);
            int touched = swarm.Sessions.Count(session => session.Events.FirstFault is not null);
            figures.Note($"lost {missing:N0} events, numbered {repeated:N0} again, in {touched:N0} of {SessionCount:N0} sessions");
            Assert.Equal(0, swarm.Sessions.Sum(session => session.RefusalCount));
        });
    }

    private static async Task<TapeLoad> LoseNodeAsync(LocalCluster cluster, Swarm swarm, Figures figures)
    {
        // All of them on the node that is to die: for the time of their connecting the others are away.
        string victim = cluster.Nodes[0];
        await Task.WhenAll(cluster.Nodes.Skip(1).Select(cluster.StopAsync));
        IReadOnlyList<SwarmSession> sessions = await swarm.OpenAsync(SessionCount);
        await Task.WhenAll(cluster.Nodes.Skip(1).Select(cluster.StartAsync));

        TapeLoad load = await TapeLoad.StartAsync(swarm, sessions, Period, count: 5);
        await load.ProgressAsync(20);
        double rate = await swarm.RunAsync(() => load.EventsPerSecond);
        await cluster.KillAsync(victim);
        await swarm.UntilAsync(
            () => sessions.All(session => session.Outages.Count > 0 && session.IsConnected),
            "every client's return",
            otherwise: () => $"{sessions.Count(session => session.Outages.Count > 0)} have come back. {load.Describe()}");
        await load.ProgressAsync(10);
        await load.StopAsync();

        await swarm.RunAsync(() =>
        {
            figures.Note($"{SessionCount:N0} sessions, {rate / SessionCount:F1} events a second to each before the kill, {load.LostCount:N0} answers lost with their connection");
            figures.NoteTimes("from the kill to the answer of the handshake, backoff of 1 to 2 s included", sessions.Select(session => Outages.Whole(session.Outages[0])));
            figures.NoteTimes("from the first attempt to the answer of the handshake", sessions.Select(session => Outages.Attempting(session.Outages[0])));
        });

        return load;
    }
}
