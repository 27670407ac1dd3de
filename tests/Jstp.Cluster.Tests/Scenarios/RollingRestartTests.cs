using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests.Scenarios;

public sealed class RollingRestartTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Strict")]
    [InlineData("OnDisconnect")]
    public async Task AllNodesRestartOneByOneUnderLoad_NoCallFailsAndNoEventIsLost(string durability)
    {
        const int SessionCount = 300;
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { Durability = durability });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer });
        IReadOnlyList<SwarmSession> sessions = await swarm.OpenAsync(SessionCount);
        TapeLoad load = await TapeLoad.StartAsync(swarm, sessions, TimeSpan.FromMilliseconds(100), count: 5);
        await load.ProgressAsync(3);

        foreach (string node in cluster.Nodes)
        {
            Assert.Equal(0, await cluster.StopAsync(node));
            await load.ProgressAsync(1);
            await cluster.StartAsync(node);
            await load.ProgressAsync(3);
        }

        await load.StopAsync();
        Assert.Equal(0, load.FailedCount);
        Assert.Equal(0, await load.CountUnevenAsync());
        await swarm.RunAsync(() =>
        {
            Assert.All(sessions, session =>
            {
                Assert.Null(session.Events.FirstFault);
                Assert.Equal(0, session.RepeatedIdCount);
                Assert.Equal(0, session.RefusalCount);
            });
            int moves = sessions.Sum(session => session.Outages.Count);
            Assert.True(load.LostCount <= moves, "At most the call that was in flight is lost with a connection.");
            figures.Note($"{durability}: {SessionCount} sessions moved {moves} times, {load.AnsweredCount:N0} calls answered, {load.LostCount} in flight on a closed connection lost, {load.FailedCount} failed");
            figures.NoteTimes("away, backoff of 1 to 2 s included", sessions.SelectMany(session => session.Outages).Select(Outages.Whole));
        });
    }
}
