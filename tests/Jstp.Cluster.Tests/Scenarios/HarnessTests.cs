using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests.Scenarios;

/// <summary>That the tools themselves work: without these, a scenario that passes proves nothing.</summary>
public sealed class HarnessTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Swarm_ConnectionsCutAgainAndAgain_ResumesAndMissesNothing()
    {
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { NodeCount = 1, Arguments = ["--Jstp:Store=memory"] });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer, Backoff = Backoff.Brisk });
        IReadOnlyList<SwarmSession> sessions = await swarm.OpenAsync(200);

        TapeLoad load = await TapeLoad.StartAsync(swarm, sessions, TimeSpan.FromMilliseconds(100), count: 5);

        for (int round = 0; round < 3; round++)
        {
            await load.ProgressAsync(3);
            await swarm.RunAsync(() =>
            {
                foreach (SwarmSession session in sessions)
                {
                    session.Cut();
                }
            });
        }

        double rate = await load.StopAsync();
        figures.Note($"{rate:N0} events/s, {load.AnsweredCount} calls answered, {load.LostCount} lost");
        Assert.Equal(0, await load.CountUnevenAsync());
        await swarm.RunAsync(() => Assert.All(sessions, session =>
        {
            Assert.Null(session.Events.FirstFault);
            Assert.Equal(3, session.Outages.Count);
        }));
    }

    [Fact]
    public async Task Cluster_MembersAreKilledAndStarted_TheyAreBackAtTheirPorts()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { NodeCount = 1, NodesBehindProxy = ["node1"], Arguments = ["--Jstp:Store=memory"] });
        string[] members = ["postgres", "balancer", "node1"];

        foreach (string name in members)
        {
            Member before = cluster[name];
            await cluster.KillAsync(name);
            Assert.Null(cluster[name].ProcessId);
            await cluster.StartAsync(name);
            Assert.Equal(before.Address, cluster[name].Address);
            Assert.NotEqual(before.ProcessId, cluster[name].ProcessId);
        }

        Assert.Equal("1", await cluster.QueryAsync("select 1"));
        await using NpmClient client = await NpmClient.ConnectAsync(cluster.Balancer);
        Assert.Equal(1, (await client.CallAsync("tape", "more", 1))[0].GetInt32());
        Assert.Equal(0, await cluster.StopAsync("node1"));
    }
}
