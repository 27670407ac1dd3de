using System.Diagnostics;
using System.Globalization;
using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests.Scenarios;

public sealed class ResumeStormTests(ITestOutputHelper output)
{
    // Every statement that the nodes have sent since the counters were set to zero, this query and its like excepted.
    private const string Statements = "select coalesce(sum(calls), 0) from pg_stat_statements where query not like '%pg_stat%'";

    [Fact]
    public async Task TenThousandSessionsOfAKilledNode_ResumeInFewStatements()
    {
        const int SessionCount = 10_000;
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { Durability = "Strict" });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer });
        await Task.WhenAll(cluster.Nodes.Skip(1).Select(cluster.StopAsync));
        IReadOnlyList<SwarmSession> sessions = await swarm.OpenAsync(SessionCount);
        await Task.WhenAll(cluster.Nodes.Skip(1).Select(cluster.StartAsync));

        // Something is owed to each of them.
        TapeLoad load = await TapeLoad.StartAsync(swarm, sessions, TimeSpan.FromHours(1), count: 3, spread: TimeSpan.FromSeconds(2));
        await load.ProgressAsync(1);
        await load.StopAsync();
        await cluster.QueryAsync("create extension if not exists pg_stat_statements");
        await cluster.QueryAsync("select pg_stat_statements_reset()");

        long start = Stopwatch.GetTimestamp();
        await cluster.KillAsync(cluster.Nodes[0]);
        await swarm.UntilAsync(
            () => sessions.All(session => session.Outages.Count > 0 && session.IsConnected),
            "every client's return",
            otherwise: () => $"{sessions.Count(session => session.Outages.Count > 0)} have come back, {sessions.Sum(session => session.RefusalCount)} refusals (last code {sessions.Max(session => session.LastRefusal)})");
        TimeSpan all = Stopwatch.GetElapsedTime(start);
        long statements = long.Parse(await cluster.QueryAsync(Statements), CultureInfo.InvariantCulture);

        Assert.Equal(0, await load.CountUnevenAsync());
        await swarm.RunAsync(() =>
        {
            figures.Note($"{SessionCount:N0} sessions resumed on two nodes within {all.TotalSeconds:F1} s of the kill, backoff of 1 to 2 s included, by {statements:N0} statements");
            figures.NoteTimes("from the first attempt to the answer of the handshake", sessions.Select(session => Outages.Attempting(session.Outages[0])));
            Assert.All(sessions, session => Assert.Null(session.Events.FirstFault));
        });

        // A take is eight statements, however many sessions it is for; one for each session would cost 80,000.
        Assert.InRange(statements, 1, SessionCount);
    }
}
