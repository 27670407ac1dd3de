using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;

namespace Jstp.Cluster.Tests.Scenarios;

/// <summary>A node that cannot reach the database, while others take its sessions, harms none of them: neither meanwhile nor when it is back.</summary>
public sealed class CutOffTests
{
    private const int SessionCount = 50;

    // Cut: PostgreSQL sees that the node is gone. Frozen: it sees nothing, the node holds its sessions still, and what it wrote arrives when all is over.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NodeIsCutOff_ItsSessionsAreTaken_ItNeitherWritesNorSendsForThem(bool isFrozen)
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions { NodesBehindProxy = ["node1"] });
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster["node1"].Address });
        IReadOnlyList<SwarmSession> stayed = await swarm.OpenAsync(SessionCount, session => session.StaysAway = true);
        await swarm.CallAllAsync(stayed, "'tape'],more:[3]}");
        await AllHaveAsync(swarm, stayed, 3);

        TcpProxy proxy = cluster.ProxyOf("node1");

        if (isFrozen)
        {
            proxy.Freeze();
        }
        else
        {
            proxy.Cut();
        }

        // The node gets requests, which it must not handle before their receipts are safe.
        var answers = new List<CallOutcome>();
        await swarm.RunAsync(() =>
        {
            foreach (SwarmSession session in stayed)
            {
                session.StaysAway = true;
                session.Call("'tape'],more:[5]}", answers.Add);
            }
        });

        // Meanwhile the same sessions go on elsewhere.
        int next = 0;
        IReadOnlyList<SwarmSession> moved = await swarm.OpenAsync(SessionCount, session =>
        {
            session.Adopt(stayed[next++]);
            session.Server = cluster["node2"].Address;
        });
        await swarm.CallAllAsync(moved, "'tape'],more:[2]}");
        await AllHaveAsync(swarm, moved, 5);

        proxy.Heal();
        await swarm.UntilAsync(() => !stayed.Any(session => session.IsConnected), "the end of the connections that have lost their sessions");
        await swarm.RunAsync(() =>
        {
            Assert.Empty(answers);
            Assert.All(stayed, session => Assert.Equal(3, session.Events.Count));
        });

        // What node1 may have written would show where the sessions are read afresh.
        await swarm.RunAsync(() =>
        {
            foreach (SwarmSession session in moved)
            {
                session.Server = cluster["node3"].Address;
                session.Cut();
            }
        });
        await swarm.CallAllAsync(moved, "'tape'],more:[2]}");
        await AllHaveAsync(swarm, moved, 7);
        await swarm.RunAsync(() => Assert.All(moved, session =>
        {
            Assert.Null(session.Events.FirstFault);
            Assert.Equal(4, session.Events.Count);
            Assert.Equal(0, session.RepeatedIdCount);
        }));

        // And node1 is a node again.
        IReadOnlyList<SwarmSession> fresh = await swarm.OpenAsync(1);
        Assert.Equal(1, (await swarm.CallAsync(fresh[0], "'tape'],more:[1]}")).Result.AsNumber());
    }

    private static Task AllHaveAsync(Swarm swarm, IReadOnlyList<SwarmSession> sessions, long last) =>
        swarm.UntilAsync(() => sessions.All(session => session.Events.LastOf("tape") == last), $"event {last} of each session");
}
