using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.TestKit;
using Jstp.TestKit.Server;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>A session goes from node to node, whatever its owner is doing.</summary>
public sealed class HandOverTests : IAsyncLifetime, IAsyncDisposable
{
    private const int TakenByForce = 2141;

    private readonly JstpTestCluster _cluster = new(SessionDurability.Strict);

    private JstpTestServer First => _cluster.Nodes[0];

    private JstpTestServer Second => _cluster.Nodes[1];

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resume_OwnerAlive_FindsStateAndEvents(bool isConnected)
    {
        JstpPeer before = await First.ConnectAsync();
        JstpConnection client = Assert.Single(First.Server.Clients);
        client.Data["key"] = MdsfValue.Parse("'value'"u8);
        client.Emit("i", "e", 1);
        client.Emit("i", "e", 2);
        before.Send("{ping:[3]}");
        await before.ExpectAsync("{event:[-1,'i'],e:[1]}", "{event:[-2,'i'],e:[2]}", "{pong:[3]}");

        if (!isConnected)
        {
            await LoseAsync(before);
            client.Emit("i", "e", 3);
        }

        JstpPeer after = await Second.RestoreAsync(before.SessionId, receivedCount: 1, expectedCount: 3);

        await after.ExpectAsync(isConnected ? ["{event:[-2,'i'],e:[2]}"] : ["{event:[-2,'i'],e:[2]}", "{event:[-3,'i'],e:[3]}"]);
        Assert.Equal("value", Assert.Single(Second.Server.Clients).Data["key"].AsString());
        Assert.Empty(First.Server.Clients);
        Assert.Empty(Second.Logs.WithId(TakenByForce));
    }

    [Fact]
    public async Task Resume_OwnerSilent_TakesByForceAfterTheTimeoutAndTheOldOwnerIsFenced()
    {
        JstpPeer before = await First.ConnectAsync();
        JstpConnection old = Assert.Single(First.Server.Clients);
        old.Emit("i", "e", 1);
        await _cluster.SettleAsync();
        _cluster.CutOff(0);
        JstpPeer after = Second.Open();
        after.Send($"{{handshake:[0,'app'],session:['{before.SessionId}',0]}}");

        await _cluster.AdvanceAsync(Second.Server.Options.HandOverTimeout - TimeSpan.FromMilliseconds(1));
        await after.ExpectNothingAsync();
        await _cluster.AdvanceAsync(TimeSpan.FromMilliseconds(1));

        await after.ExpectAsync("{handshake:[0],ok:0}", "{event:[-1,'i'],e:[1]}");
        Assert.Single(Second.Logs.WithId(TakenByForce));
        old.Emit("i", "e", 2);
        await _cluster.ReturnAsync(0);
        await before.ExpectAsync("{event:[-1,'i'],e:[1]}");
        await before.ExpectCloseAsync(1000);
        await after.ExpectAsync("{event:[-2,'i'],e:[2]}"); // it never left, so it is left for the session
    }

    [Fact]
    public async Task Resume_OwnerDead_TakesAtOnce()
    {
        JstpPeer before = await First.ConnectAsync();
        Assert.Single(First.Server.Clients).Emit("i", "e", 1);
        await before.ExpectAsync("{event:[-1,'i'],e:[1]}");
        await LoseAsync(before);
        await _cluster.KillAsync(0);
        DateTimeOffset killedAt = _cluster.Time.GetUtcNow();

        JstpPeer after = await Second.RestoreAsync(before.SessionId, receivedCount: 0, expectedCount: 0);

        await after.ExpectAsync("{event:[-1,'i'],e:[1]}");
        Assert.Equal(killedAt, _cluster.Time.GetUtcNow());
    }

    [Fact]
    public async Task Resume_EventLeftBeforeTheNodeKnowsThatItHasTheSession_Arrives()
    {
        JstpPeer before = await First.ConnectAsync();
        await LoseAsync(before);
        await _cluster.KillAsync(0);
        _cluster.Stores[1].AfterTake = async () =>
        {
            var post = new SessionPost(before.SessionId, ",'i'],e:[1]}"u8.ToArray());
            SessionAddress? address = Assert.Single(await _cluster.Store.PostAsync([post], CancellationToken.None));
            Assert.Equal(Second.Server.Membership!.Number, address!.Value.Owner);
            Second.Server.Sessions.Tell(new SessionRegionMessage.Collect([address.Value.Key]));
        };

        JstpPeer after = await Second.RestoreAsync(before.SessionId, receivedCount: 0, expectedCount: 0);

        await after.ExpectAsync("{event:[-1,'i'],e:[1]}");
    }

    [Fact]
    public async Task Resume_OnTwoNodesAtOnce_OneServesTheClient()
    {
        JstpTestServer third = _cluster.Add();
        JstpPeer before = await First.ConnectAsync();
        Assert.Single(First.Server.Clients).Emit("i", "e", 1);
        await before.ExpectAsync("{event:[-1,'i'],e:[1]}");

        JstpPeer[] peers = [Second.Open(), third.Open()];
        await Task.WhenAll(peers.Select(peer => Task.Run(() => peer.Send($"{{handshake:[0,'app'],session:['{before.SessionId}',0]}}"))));

        await ExpectOneWinnerAsync(peers);
        await before.ExpectCloseAsync(1000);
    }

    [Fact]
    public async Task Resume_BackToTheOldNode_MovesTheSessionBack()
    {
        JstpPeer peer = await First.ConnectAsync();
        JstpConnection client = Assert.Single(First.Server.Clients);

        for (int round = 1; round <= 6; round++)
        {
            JstpTestServer node = _cluster.Nodes[round % 2];
            peer = await node.RestoreAsync(peer.SessionId, receivedCount: round - 1, expectedCount: 0);
            Assert.Single(node.Server.Clients).Emit("i", "e", round);
            await peer.ExpectAsync($"{{event:[-{round},'i'],e:[{round}]}}");
        }

        Assert.Same(client, Assert.Single(First.Server.Clients));
    }

    // The client asks a second node, gives up, and is back at the first one while that lets go of the session: it is not told that its session is over.
    [Fact]
    public async Task Resume_WhileTheSessionLeaves_IsNotRefused()
    {
        JstpPeer before = await First.ConnectAsync();
        await LoseAsync(before);
        await _cluster.SettleAsync();
        _cluster.Stores[0].Fault = TestKit.Persistence.StoreFault.Blocked;
        JstpPeer elsewhere = Second.Open();
        elsewhere.Send($"{{handshake:[0,'app'],session:['{before.SessionId}',0]}}");
        await Patience.UntilAsync(() => _cluster.Stores[0].WaitingCount == 1, "the release to be written");

        JstpPeer back = First.Open();
        back.Send($"{{handshake:[0,'app'],session:['{before.SessionId}',0]}}");
        _cluster.Stores[0].Fault = TestKit.Persistence.StoreFault.None;

        await ExpectOneWinnerAsync([elsewhere, back]);
    }

    [Fact]
    public async Task Post_WhileTheSessionMoves_ArrivesExactlyOnceAndInOrder()
    {
        const int Count = 60;

        JstpPeer peer = await First.ConnectAsync();
        string id = peer.SessionId;
        Task posting = Task.Run(async () =>
        {
            for (int number = 1; number <= Count; number++)
            {
                Assert.True(await _cluster.Nodes[number % 2].Server.Cluster.SendToSessionAsync(id, "mail", "arrived", number));
            }
        });
        List<string> received = [];
        long count = 0;

        for (int round = 1; received.Count < Count; round++)
        {
            peer = _cluster.Nodes[round % 2].Open();
            peer.Send($"{{handshake:[0,'app'],session:['{id}',{count}]}}");
            await peer.ExpectAsync("{handshake:[0],ok:0}");

            for (int i = 0; i < 7 && received.Count < Count; i++)
            {
                string text = await peer.ReceiveAsync();
                received.Add(text[text.IndexOf("arrived", StringComparison.Ordinal)..]);
                count = long.Parse(text["{event:[-".Length..text.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        await posting;
        Assert.Equal(Enumerable.Range(1, Count).Select(static number => $"arrived:[{number}]}}"), received);
        await peer.ExpectNothingAsync();
    }

    private static async Task LoseAsync(JstpPeer peer)
    {
        peer.Lose();
        await peer.Released.WithinLimitAsync("the connection to end");
    }

    // Both may have the session, one after the other; then the first one gives it up for the second. No time passes: they need not be patient for that.
    private async Task ExpectOneWinnerAsync(IReadOnlyList<JstpPeer> peers)
    {
        Dictionary<JstpPeer, List<string>> received = peers.ToDictionary(static peer => peer, static _ => new List<string>());

        await Patience.UntilAsync(
            () =>
            {
                foreach (JstpPeer peer in peers)
                {
                    while (peer.TakeNow() is { } text)
                    {
                        received[peer].Add(text);
                    }
                }

                return peers.Count(static peer => !peer.HasEnded) == 1 && received.Any(static pair => !pair.Key.HasEnded && pair.Value.Count > 0);
            },
            "one of two to be the only one");
        JstpPeer winner = Assert.Single(peers, static peer => !peer.HasEnded);
        JstpTestServer node = Assert.Single(_cluster.Nodes, static node => node.Server.ClientCount == 1);

        Assert.All(received.Values, static texts => Assert.DoesNotContain("{handshake:[0],error:[11]}", texts));
        Assert.Equal("{handshake:[0],ok:0}", received[winner][0]);
        Assert.Single(node.Server.Clients).Emit("i", "last");
        await node.SettleAsync();
        Assert.EndsWith("last:[]}", (await winner.ReceiveAllNowAsync())[^1], StringComparison.Ordinal);
        Assert.All(_cluster.Nodes, static node => Assert.Empty(node.Logs.WithId(TakenByForce)));
    }
}
