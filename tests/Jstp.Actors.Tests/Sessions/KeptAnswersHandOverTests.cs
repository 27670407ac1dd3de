using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>Kept answers go with their session from node to node, as far as the node before could give them away.</summary>
public sealed class KeptAnswersHandOverTests : IAsyncLifetime, IAsyncDisposable
{
    private const string CountOne = "{call:[1,'i'],count:[]}";
    private const string RunOne = "{call:[1,'i'],run:[]}";

    private readonly JstpTestCluster _cluster;
    private readonly TaskCompletionSource _run = new();
    private int _count;

    public KeptAnswersHandOverTests() => _cluster = new JstpTestCluster(
        SessionDurability.Continuous,
        app => app.AddInterface("i", i => i
            .Method("count", () => ++_count)
            .Method("run", async () =>
            {
                _count++;
                await _run.Task;
            })),
        static options => options.KeepAnswers = true);

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LostAnswer_IsThereOnTheOtherNode(bool isRepeated)
    {
        JstpPeer before = await SendAsync(CountOne);

        JstpPeer after = await _cluster.Nodes[1].RestoreAsync(before.SessionId, 0, expectedCount: 0);
        await after.ExpectAsync("{ping:[-1]}");
        after.Send(isRepeated ? CountOne : "{pong:[-1]}");

        await after.ExpectAsync("{callback:[1],ok:[1]}");
        Assert.Equal(1, _count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunningCall_IsGivenUpBehindThePongAndNotRunAgain(bool isRepeated)
    {
        JstpPeer before = await SendAsync(RunOne);

        JstpPeer after = await _cluster.Nodes[1].RestoreAsync(before.SessionId, 0, expectedCount: 0);
        await after.ExpectAsync("{ping:[-1]}");
        after.Send(isRepeated ? [RunOne, "{pong:[-1]}"] : ["{pong:[-1]}"]);

        await after.ExpectAsync("{callback:[1],error:[-1]}");
        _run.SetResult();
        await _cluster.SettleAsync();
        await after.ExpectNothingAsync();
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task RunningCallOfARestartedClient_ItsNewCallWithThatIdIsLeftAlone()
    {
        JstpPeer before = await SendAsync(RunOne);
        JstpPeer after = await _cluster.Nodes[1].RestoreAsync(before.SessionId, 0, expectedCount: 0);

        after.Send(CountOne, "{pong:[-1]}");

        await after.ExpectAsync("{ping:[-1]}", "{callback:[1],ok:[2]}");
        await after.ExpectNothingAsync();
    }

    [Fact]
    public async Task NodeIsKilled_ItsAnswersAreLostAndTheClientIsToldSo()
    {
        JstpPeer before = await SendAsync(CountOne);
        before.Lose();
        await _cluster.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        await _cluster.KillAsync(0);

        JstpPeer after = await _cluster.Nodes[1].RestoreAsync(before.SessionId, 0, expectedCount: 1);

        after.Send("{call:[2,'i'],count:[]}");
        await after.ExpectAsync("{callback:[2],ok:[2]}");
    }

    [Fact]
    public async Task WhatAnEarlierReleaseHasLeft_IsNotTakenForThePresent()
    {
        JstpPeer first = await SendAsync(CountOne);
        JstpPeer second = await _cluster.Nodes[1].RestoreAsync(first.SessionId, 0, expectedCount: 0);
        JstpConnection client = Assert.Single(_cluster.Nodes[1].Server.Clients);
        second.Send("{pong:[-1]}", "{call:[2,'i'],count:[]}");
        await second.ExpectAsync("{ping:[-1]}", "{callback:[1],ok:[1]}", "{callback:[2],ok:[2]}");
        second.Lose();
        await _cluster.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        await _cluster.KillAsync(1);

        await _cluster.Nodes[0].RestoreAsync(client.SessionId, 1, expectedCount: 2);
    }

    private async Task<JstpPeer> SendAsync(string text)
    {
        JstpPeer peer = await _cluster.Nodes[0].ConnectAsync();
        peer.Send(text);
        await _cluster.AdvanceAsync(TimeSpan.FromMilliseconds(100));

        return peer;
    }
}
