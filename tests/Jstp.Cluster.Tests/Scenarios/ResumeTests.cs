using System.Net;
using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests.Scenarios;

public sealed class ResumeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task RealClient_LosesItsConnection_ResumesOnAnotherNodeWithStateAndEvents()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions());
        await using NpmClient client = await NpmClient.ConnectAsync(cluster.Balancer);
        string first = await NodeOfAsync(client);
        await client.CallAsync("tape", "put", "colour", "green");
        await client.CallAsync("tape", "more", 3);

        int reconnects = 0;
        string node = first;

        // The balancer may send it back to where it was; sooner or later it does not.
        for (long owed = 4; node == first; owed++)
        {
            await client.CallAsync("tape", "whenGone", 1);
            await client.CutAsync();
            await client.ReconnectedAsync(++reconnects);
            await client.EventsAsync((int)owed);
            node = await NodeOfAsync(client);
        }

        Assert.Equal("green", (await client.CallAsync("tape", "get", "colour"))[0].GetString());
        string[] events = await client.EventsAsync();
        Assert.Equal(Enumerable.Range(1, 3 + reconnects).Select(i => $"tape tick {i}"), events);
    }

    [Fact]
    public async Task FiveHundredSessions_MoveBackAndForthTenTimes_MissNothing()
    {
        const int SessionCount = 500;
        const int Rounds = 10;
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions());
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer, Backoff = Backoff.Brisk });
        IPEndPoint[] nodes = [.. cluster.Nodes.Take(2).Select(node => cluster[node].Address)];
        IReadOnlyList<SwarmSession> sessions = await swarm.OpenAsync(SessionCount, session => session.Server = nodes[0]);

        for (int round = 1; round <= Rounds; round++)
        {
            int expected = round * 5;
            IPEndPoint next = nodes[round % 2];
            int prepared = 0;
            await swarm.RunAsync(() =>
            {
                foreach (SwarmSession session in sessions)
                {
                    session.Server = next;
                    session.Call("'tape'],whenGone:[2]}", _ => { });

                    // Three more events are on their way when the connection goes.
                    session.Call("'tape'],more:[3]}", _ =>
                    {
                        prepared++;
                        session.Cut();
                    });
                }
            });
            await swarm.UntilAsync(() => prepared == SessionCount, $"the answers of round {round}");
            await swarm.UntilAsync(
                () => sessions.All(session => session.IsConnected && session.Events.LastOf("tape") == expected),
                $"the events of round {round}",
                TimeSpan.FromMinutes(1),
                () => $"{sessions.Count(session => session.IsConnected)} are connected, {sessions.Count(session => session.Events.LastOf("tape") == expected)} have all; refused with {sessions.Max(session => session.LastRefusal)}");
            IReadOnlyList<CallOutcome> where = await swarm.CallAllAsync(sessions, "'cluster'],node:[]}");
            Assert.All(where, node => Assert.Equal(cluster.Nodes[round % 2], node.Result.AsString()));
        }

        await swarm.RunAsync(() =>
        {
            AssertExactlyOnce(sessions);
            figures.NoteTimes("resumed on the other node within, from the first attempt on", sessions.SelectMany(session => session.Outages).Select(Outages.Attempting));
        });
    }

    private static async Task<string> NodeOfAsync(NpmClient client) => (await client.CallAsync("cluster", "node"))[0].GetString()!;

    private static void AssertExactlyOnce(IEnumerable<SwarmSession> sessions) => Assert.All(sessions, session =>
    {
        Assert.Null(session.Events.FirstFault);
        Assert.Equal(0, session.RepeatedIdCount);
    });
}
