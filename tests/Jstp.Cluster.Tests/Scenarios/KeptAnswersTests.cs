using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests.Scenarios;

public sealed class KeptAnswersTests(ITestOutputHelper output)
{
    // The load balancer has no stickiness: most of the clients that come back find their session on another node, and with it their answers.
    [Fact]
    public async Task AllConnectionsCutAgainAndAgain_EachCallRunsOnceAndIsAnswered()
    {
        const int SessionCount = 300;
        const int Cuts = 6;
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { Durability = "OnDisconnect", Arguments = ["--Jstp:KeepAnswers=true"] });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer });
        IReadOnlyList<SwarmSession> sessions = await swarm.OpenAsync(SessionCount);
        TapeLoad load = await TapeLoad.StartAsync(swarm, sessions, TimeSpan.FromMilliseconds(20), count: 2);

        for (int cut = 0; cut < Cuts; cut++)
        {
            await load.ProgressAsync(5);
            await swarm.RunAsync(() => sessions.ToList().ForEach(static session => session.Cut()));
        }

        await load.ProgressAsync(5);
        await load.StopAsync();
        Assert.Equal((0, 0), (load.FailedCount, load.LostCount));
        Assert.Equal(0, await load.CountMiscountedAsync());
        Assert.Equal(0, await load.CountUnevenAsync());
        await swarm.RunAsync(() =>
        {
            Assert.All(sessions, static session => Assert.Null(session.Events.FirstFault));
            int open = sessions.Sum(static session => session.ReopenedCount);
            Assert.True(open > 0, "Of so many calls some were open when their connection was cut.");
            figures.Note($"{SessionCount} sessions cut {Cuts} times, {load.AnsweredCount:N0} calls answered, {open:N0} of them open at a cut, none lost, none run twice");
        });
    }
}
