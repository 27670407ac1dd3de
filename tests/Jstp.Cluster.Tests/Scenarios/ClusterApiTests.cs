using System.Globalization;
using System.Text.Json;
using Jstp.Cluster.Tests.Swarms;
using Jstp.Cluster.Tests.Topology;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests.Scenarios;

/// <summary>What an application can do to clients wherever they are.</summary>
public sealed class ClusterApiTests(ITestOutputHelper output)
{
    [Fact]
    public async Task RealClients_OnThreeNodes_AreReachedFromAnyOfThem()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions());
        await using NpmClient ann = await NpmClient.ConnectAsync(cluster["node1"].Address, "ann b.");
        await using NpmClient annToo = await NpmClient.ConnectAsync(cluster["node2"].Address, "ann b.");
        await using NpmClient carl = await NpmClient.ConnectAsync(cluster["node3"].Address, "carl");
        NpmClient[] all = [ann, annToo, carl];

        await carl.CallAsync("cluster", "broadcast", null, "news", "flash", new[] { 1 });
        await Task.WhenAll(all.Select(client => client.EventsAsync(1)));

        Assert.Equal(2, (await carl.CallAsync("cluster", "sendToUser", "cluster", "ann b.", "news", "private", new[] { 2 }))[0].GetInt32());
        await Task.WhenAll(ann.EventsAsync(2), annToo.EventsAsync(2));

        // A later event to carl would arrive behind one that was wrongly sent to him.
        Assert.True((await ann.CallAsync("cluster", "sendToSession", carl.SessionId, "news", "last", new[] { 3 }))[0].GetBoolean());
        Assert.False((await ann.CallAsync("cluster", "sendToSession", "nobody's", "news", "last", new[] { 3 }))[0].GetBoolean());
        Assert.Equal(["news flash 1", "news last 3"], await carl.EventsAsync(2));
        Assert.Equal(["news flash 1", "news private 2"], await ann.EventsAsync());
        Assert.Equal(["news flash 1", "news private 2"], await annToo.EventsAsync());

        Assert.Equal(3, await CountConnectedAsync(carl, user: null));
        Assert.Equal(2, await CountConnectedAsync(carl, "ann b."));
        Assert.Equal(["node1 Up", "node2 Up", "node3 Up"], (await NodesAsync(carl)).Order(StringComparer.Ordinal));

        await carl.CallAsync("cluster", "disconnectUser", "cluster", "ann b.");
        await Task.WhenAll(ann.ReconnectedAsync(1), annToo.ReconnectedAsync(1));
        await ann.CallAsync("cluster", "disconnectSession", carl.SessionId);
        await carl.ReconnectedAsync(1);
        Assert.Equal(1, await ann.CountReconnectsAsync());
    }

    [Fact]
    public async Task DetachedSession_EventsAreLeftForIt_ItGetsThemInOrderOnAnotherNode()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions());
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster["node1"].Address });
        SwarmSession away = (await swarm.OpenAsync(1))[0];
        SwarmSession sender = (await swarm.OpenAsync(1, session => session.Server = cluster["node2"].Address))[0];
        await swarm.RunAsync(away.Leave);

        for (int number = 1; number <= 20; number++)
        {
            Assert.True((await swarm.CallAsync(sender, Post(away, number))).Result.AsBoolean());
        }

        await swarm.RunAsync(() =>
        {
            away.Server = cluster["node3"].Address;
            away.Connect();
        });
        await swarm.UntilAsync(() => away.Events.LastOf("mail") == 20, "the events that were left");
        await swarm.RunAsync(() =>
        {
            Assert.Null(away.Events.FirstFault);
            Assert.Equal(20, away.Events.Count);
        });
    }

    [Fact]
    public async Task EventsFromAnotherNode_OwnerIsKilled_EachAcceptedOneArrivesExactlyOnce()
    {
        const int SessionCount = 200;
        const int PostCount = 60;
        var figures = new Figures(output);
        await using LocalCluster cluster = await LocalCluster.StartAsync(new ClusterOptions());
        await using var swarm = new Swarm(new SwarmOptions { Server = cluster.Balancer });
        IReadOnlyList<SwarmSession> receivers = await swarm.OpenAsync(SessionCount, session => session.Server = cluster["node1"].Address);
        IReadOnlyList<SwarmSession> senders = await swarm.OpenAsync(SessionCount, session => session.Server = cluster["node2"].Address);
        int[] accepted = new int[SessionCount];
        int refused = 0;
        await swarm.RunAsync(() =>
        {
            for (int i = 0; i < SessionCount; i++)
            {
                receivers[i].Server = cluster.Balancer; // for their return
                PostNext(i);
            }
        });

        await swarm.UntilAsync(() => accepted.All(count => count >= PostCount / 3), "a third of the posts");
        await cluster.KillAsync("node1");
        await swarm.UntilAsync(() => accepted.All(count => count == PostCount), "the rest of the posts", otherwise: () => $"{refused} were refused.");
        await swarm.UntilAsync(
            () => receivers.All(session => session.Events.LastOf("mail") == PostCount),
            "the events",
            otherwise: () => $"{receivers.Count(session => session.Events.LastOf("mail") == PostCount)} sessions have all, {receivers.Count(session => session.IsConnected)} are connected.");

        await swarm.RunAsync(() =>
        {
            Assert.Equal(0, refused);
            Assert.All(receivers, session =>
            {
                Assert.Null(session.Events.FirstFault);
                Assert.Equal(PostCount, session.Events.Count);
                Assert.Equal(0, session.RepeatedIdCount);
            });
        });
        figures.Note($"{SessionCount * PostCount:N0} events posted on another node, {SessionCount} sessions moved by a kill between them");

        void PostNext(int i)
        {
            if (accepted[i] < PostCount)
            {
                senders[i].Call(Post(receivers[i], accepted[i] + 1), outcome =>
                {
                    if (outcome.ErrorCode is null && outcome.Result.AsBoolean())
                    {
                        accepted[i]++;
                        PostNext(i);
                    }
                    else
                    {
                        refused++;
                    }
                });
            }
        }
    }

    private static string Post(SwarmSession receiver, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"'cluster'],sendToSession:['{receiver.Id}','post','mail',[{number},'mail']]}}");

    private static async Task<int> CountConnectedAsync(NpmClient client, string? user) =>
        (await client.CallAsync("cluster", "presence", "cluster", user, true))[0].GetArrayLength();

    private static async Task<IEnumerable<string>> NodesAsync(NpmClient client)
    {
        JsonElement nodes = (await client.CallAsync("cluster", "nodes"))[0];

        return nodes.EnumerateArray().Select(node => $"{node.GetProperty("name").GetString()} {node.GetProperty("state").GetString()}");
    }
}
