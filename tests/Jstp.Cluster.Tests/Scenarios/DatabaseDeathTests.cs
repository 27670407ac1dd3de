using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests.Scenarios;

public sealed class DatabaseDeathTests(ITestOutputHelper output)
{
    private const int SessionCount = 300;

    [Fact]
    public async Task Strict_PostgresIsKilledUnderLoad_NothingLeavesUntilItIsBackAndNothingIsLost()
    {
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { Durability = "Strict" });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer });
        IReadOnlyList<SwarmSession> sessions = await swarm.OpenAsync(SessionCount);
        int?[] before = ProcessIds(cluster);
        TapeLoad load = await TapeLoad.StartAsync(swarm, sessions, TimeSpan.FromMilliseconds(100), count: 5);
        await load.ProgressAsync(5);

        await cluster.KillAsync("postgres");
        await load.StandstillAsync();
        await cluster.StartAsync("postgres");
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        await load.ProgressAsync(1);
        TimeSpan recovered = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        await load.ProgressAsync(10);

        await load.StopAsync();
        figures.Note($"{SessionCount} sessions on three nodes: all went on {recovered.TotalMilliseconds:F0} ms after PostgreSQL was ready again");
        Assert.Equal(before, ProcessIds(cluster));
        await AssertNothingIsLostAsync(swarm, load);
    }

    [Fact]
    public async Task Continuous_PostgresIsKilledUnderLoad_ClientsAreServedMeanwhileAndNothingIsLost()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { Durability = "Continuous" });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer });
        IReadOnlyList<SwarmSession> sessions = await swarm.OpenAsync(SessionCount);
        int?[] before = ProcessIds(cluster);
        TapeLoad load = await TapeLoad.StartAsync(swarm, sessions, TimeSpan.FromMilliseconds(100), count: 5);
        await load.ProgressAsync(5);

        await cluster.KillAsync("postgres");
        await load.ProgressAsync(10);
        await cluster.StartAsync("postgres");
        await load.ProgressAsync(10);

        await load.StopAsync();
        Assert.Equal(before, ProcessIds(cluster));
        await AssertNothingIsLostAsync(swarm, load);

        // What was kept meanwhile has reached the database: the sessions move to other nodes with everything.
        await swarm.RunAsync(() =>
        {
            foreach (SwarmSession session in sessions)
            {
                session.Cut();
            }
        });
        await swarm.UntilAsync(() => sessions.All(session => session.IsConnected), "the clients' return");
        await AssertNothingIsLostAsync(swarm, load);
    }

    private static int?[] ProcessIds(LocalCluster cluster) => [.. cluster.Nodes.Select(node => cluster[node].ProcessId)];

    private static async Task AssertNothingIsLostAsync(Swarm swarm, TapeLoad load)
    {
        Assert.Equal(0, load.FailedCount);
        Assert.Equal(0, await load.CountUnevenAsync());
        await swarm.RunAsync(() => Assert.All(swarm.Sessions, session =>
        {
            Assert.Null(session.Events.FirstFault);
            Assert.Equal(0, session.RepeatedIdCount);
        }));
    }
}
