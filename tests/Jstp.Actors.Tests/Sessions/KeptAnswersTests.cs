using System.Collections.Concurrent;
using Jstp.Actors.Connections;
using Jstp.Actors.Sessions;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>Protocol page, 10.6, rule by rule, through whole connections.</summary>
public sealed class KeptAnswersTests : IAsyncDisposable
{
    private const string CountOne = "{call:[1,'i'],count:[]}";

    private readonly JstpTestServer _server;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string>> _running = new();
    private int _count;
    private int _seen;

    public KeptAnswersTests() => _server = new JstpTestServer(
        app => app.AddInterface("i", i => i
            .Method("count", () => ++_count)
            .Method("run", (int number) => _running.GetOrAdd(number, static _ => new TaskCompletionSource<string>()).Task)
            .Method("leave", static (JstpConnection client) => client.Abort())
            .Method("long", static (int length) => new string('x', length))
            .OnEvent("see", () => { _seen++; })),
        static options => options.KeepAnswers = true);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task LostAnswer_CallIsRepeated_AnswerComesAtOnceAndTheMethodRanOnce()
    {
        JstpPeer peer = await LoseAnswersAsync(CountOne);

        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        await next.ExpectAsync("{ping:[-1]}");
        next.Send(CountOne);

        await next.ExpectAsync("{callback:[1],ok:[1]}");
        await next.ExpectNothingAsync();
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task LostAnswer_CallIsNotRepeated_AnswerComesBehindThePong()
    {
        JstpPeer peer = await LoseAnswersAsync(CountOne);
        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        await next.ExpectAsync("{ping:[-1]}");
        await next.ExpectNothingAsync();

        next.Send("{pong:[-1]}");

        await next.ExpectAsync("{callback:[1],ok:[1]}");
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task LostAnswers_SeveralKinds_EachIsKeptAndNothingIsHandledAgain()
    {
        string[] sent = [CountOne, "{inspect:[2,'i']}", "{call:[3,'i'],none:[]}", "{event:[4,'i'],see:[]}", "{ping:[5]}", "{call:[6,'i'],count:[]}"];
        JstpPeer peer = await LoseAnswersAsync(sent);

        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        next.Send(sent);

        await next.ExpectAsync(
            "{ping:[-1]}",
            "{callback:[1],ok:[1]}",
            "{callback:[2],ok:['count','run','leave','long']}",
            "{callback:[3],error:[14]}",
            "{pong:[5]}",
            "{callback:[6],ok:[2]}");
        Assert.Equal((2, 1), (_count, _seen));
    }

    [Fact]
    public async Task Proved_ByAPong_CountIsTheWholeAgain()
    {
        JstpPeer peer = await _server.ConnectAsync();
        JstpConnection client = Assert.Single(_server.Server.Clients);
        peer.Send(CountOne);
        await peer.ExpectAsync("{callback:[1],ok:[1]}");
        Task pinged = client.PingAsync();
        await peer.ExpectAsync("{ping:[-1]}");
        peer.Send("{pong:[-1]}");
        await pinged;
        peer.Lose();

        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 1, expectedCount: 1);

        await next.ExpectNothingAsync();
        next.Send(CountOne); // the window of a client that has begun anew
        await next.ExpectAsync("{callback:[1],ok:[2]}");
    }

    [Fact]
    public async Task Proved_OnlyByWhatWasSentBehindTheAnswer()
    {
        JstpPeer peer = await _server.ConnectAsync();
        JstpConnection client = Assert.Single(_server.Server.Clients);
        client.Emit("i", "e");
        await _server.SettleAsync();
        peer.Send(CountOne, "{pong:[-1]}"); // acknowledges an event that went before the answer

        await peer.ExpectAsync("{event:[-1,'i'],e:[]}", "{callback:[1],ok:[1]}");
        await _server.SettleAsync();
        peer.Lose();

        await _server.RestoreAsync(peer.SessionId, 1, expectedCount: 0);
    }

    [Fact]
    public async Task Proved_NotByAnEventThatWasSentAgain()
    {
        JstpPeer peer = await _server.ConnectAsync();
        JstpConnection client = Assert.Single(_server.Server.Clients);
        peer.Send(CountOne);
        await _server.SettleAsync();
        client.Emit("i", "e");
        await _server.SettleAsync();
        peer.Lose(); // with the answer and the event
        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        await next.ExpectAsync("{event:[-1,'i'],e:[]}", "{ping:[-2]}");

        next.Send("{pong:[-1]}");
        await _server.SettleAsync();
        next.Send(CountOne);

        await next.ExpectAsync("{callback:[1],ok:[1]}");
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task RunningCall_EndsWhileTheClientIsAway_AnswerIsKept()
    {
        JstpPeer peer = await LoseAnswersAsync("{call:[1,'i'],run:[1]}");
        _running[1].SetResult("late");
        await _server.SettleAsync();

        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        next.Send("{pong:[-1]}");

        await next.ExpectAsync("{ping:[-1]}", "{callback:[1],ok:['late']}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunningCall_EndsBehindTheRestore_IsAnsweredOnceItsMeaningIsClear(bool isRepeated)
    {
        const string Run = "{call:[1,'i'],run:[1]}";
        JstpPeer peer = await LoseAnswersAsync(Run);
        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        await next.ExpectAsync("{ping:[-1]}");
        next.Send(isRepeated ? [Run] : []);
        await _server.SettleAsync();

        _running[1].SetResult("late");

        if (!isRepeated)
        {
            await next.ExpectNothingAsync();
            next.Send("{pong:[-1]}");
        }

        await next.ExpectAsync("{callback:[1],ok:['late']}");
        await next.ExpectNothingAsync();
        Assert.Single(_running);
    }

    [Fact]
    public async Task RestartedClient_AnswersOfItsFormerCallsAreForgotten()
    {
        JstpPeer peer = await LoseAnswersAsync(CountOne, "{call:[2,'i'],run:[1]}");
        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        next.Send("{call:[1,'i'],long:[3]}", "{pong:[-1]}");
        await next.ExpectAsync("{ping:[-1]}", "{callback:[1],ok:['xxx']}");

        _running[1].SetResult("late");

        await next.ExpectNothingAsync();
        next.Send("{call:[2,'i'],count:[]}");
        await next.ExpectAsync("{callback:[2],ok:[2]}");
    }

    [Fact]
    public async Task RestartedClient_WhatItRepeatsAllTheSameIsAnsweredFromTheLog()
    {
        const string CountTwo = "{call:[2,'i'],count:[]}";
        JstpPeer peer = await LoseAnswersAsync("{call:[1,'i'],run:[1]}", CountTwo);
        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);

        next.Send("{call:[1,'i'],long:[3]}", CountTwo, "{pong:[-1]}");

        await next.ExpectAsync("{ping:[-1]}", "{callback:[1],ok:['xxx']}", "{callback:[2],ok:[1]}");
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task Repeat_SameTextTwiceOverOneConnection_TheSecondIsANewRequest()
    {
        JstpPeer peer = await LoseAnswersAsync(CountOne);
        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);

        next.Send(CountOne, CountOne);

        await next.ExpectAsync("{ping:[-1]}", "{callback:[1],ok:[1]}", "{callback:[1],ok:[2]}");
    }

    [Fact]
    public async Task SecondLoss_BeforeTheRepeatedAnswerIsProved_ItIsThereAgain()
    {
        JstpPeer peer = await LoseAnswersAsync(CountOne);
        JstpPeer second = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        second.Send(CountOne);
        await _server.SettleAsync();
        second.Lose();

        JstpPeer third = await _server.RestoreAsync(peer.SessionId, 1, expectedCount: 0);
        third.Send(CountOne);

        await third.ExpectAsync("{ping:[-2]}", "{callback:[1],ok:[1]}");
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task MethodThatCutsItsConnection_AnswerIsKept()
    {
        JstpPeer peer = await _server.ConnectAsync();
        peer.Send("{call:[1,'i'],leave:[]}");
        await peer.ExpectAbortAsync();

        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        next.Send("{call:[1,'i'],leave:[]}");

        await next.ExpectAsync("{ping:[-1]}", "{callback:[1],ok:[]}");
        await next.ExpectNothingAsync();
    }

    [Fact]
    public async Task ManyAnswers_DrawAPing()
    {
        JstpPeer peer = await _server.ConnectAsync();

        peer.Send(Enumerable.Range(1, 100).Select(static id => $"{{call:[{id},'i'],count:[]}}"));
        await _server.SettleAsync();

        Assert.Equal("{ping:[-1]}", Assert.Single(await peer.ReceiveAllNowAsync(), static text => !text.StartsWith("{callback", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task IdleConnection_IsAskedForAProof()
    {
        await using var server = new JstpTestServer(
            static app => app.AddInterface("i", static i => i.Method("none", static () => { })),
            static options =>
            {
                options.KeepAnswers = true;
                options.KeepAliveInterval = TimeSpan.FromSeconds(20);
            });
        JstpPeer peer = await server.ConnectAsync();
        peer.Send("{call:[1,'i'],none:[]}");
        await peer.ExpectAsync("{callback:[1],ok:[]}");

        await server.AdvanceAsync(TimeSpan.FromSeconds(20));
        await peer.ExpectAsync("{ping:[-1]}");
        peer.Send("{pong:[-1]}");
        await server.AdvanceAsync(TimeSpan.FromSeconds(20));

        await peer.ExpectNothingAsync();
        peer.Lose();
        await server.RestoreAsync(peer.SessionId, 1, expectedCount: 1);
    }

    [Fact]
    public async Task AnswersThatAreTooLong_AreGivenUpAndCounted()
    {
        JstpPeer peer = await _server.ConnectAsync();
        peer.Send($"{{call:[1,'i'],long:[{AnswerLog.MaxLength}]}}");
        await peer.ReceiveAsync();
        peer.Send("{call:[2,'i'],count:[]}");
        await peer.ExpectAsync("{callback:[2],ok:[1]}");
        peer.Lose();
        Assert.Single(_server.Logs.WithId(2106));

        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 1);
        next.Send("{call:[2,'i'],count:[]}");

        await next.ExpectAsync("{ping:[-1]}", "{callback:[2],ok:[1]}");
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task TakenOver_TheOldConnectionStillLives_NothingIsHandledTwice()
    {
        JstpPeer peer = await _server.ConnectAsync();
        peer.Send(CountOne, "{call:[2,'i'],run:[1]}");
        await _server.SettleAsync();

        JstpPeer next = await _server.RestoreAsync(peer.SessionId, 0, expectedCount: 0);
        next.Send(CountOne, "{call:[2,'i'],run:[1]}");
        await next.ExpectAsync("{ping:[-1]}", "{callback:[1],ok:[1]}");
        _running[1].SetResult("late");

        await next.ExpectAsync("{callback:[2],ok:['late']}");
        Assert.Equal(1, _count);
    }

    private async Task<JstpPeer> LoseAnswersAsync(params string[] texts)
    {
        JstpPeer peer = await _server.ConnectAsync();
        peer.Send(texts);
        await _server.SettleAsync();
        peer.Lose();
        await _server.SettleAsync();

        return peer;
    }
}
