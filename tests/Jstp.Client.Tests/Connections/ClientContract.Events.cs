using Jstp.Client.Connections;
using Jstp.Client.Remote;
using Jstp.TestKit;

namespace Jstp.Client.Tests.Connections;

// Events both ways, and the ping that comes behind them.
public abstract partial class ClientContract
{
    [Fact]
    public async Task Events_Burst_ArriveInOrderBeforeTheAnswer()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        List<int> ticks = [];
        using IDisposable subscription = connection.GetProxy("events").On<int>("tick", ticks.Add);

        await connection.GetProxy("events").CallAsync("burst", 500).WithinLimitAsync("the burst");

        Assert.Equal(Enumerable.Range(0, 500), ticks);
    }

    [Fact]
    public async Task Events_SeveralArguments_AreConverted()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        var received = new TaskCompletionSource<(int[], string, bool?)>();
        JstpRemoteProxy events = connection.GetProxy("events");
        using IDisposable subscription = events.On<int[], string, bool?>("moved", (a, b, c) => received.SetResult((a, b, c)));

        await events.CallAsync("emitBack", "moved", new object[] { new[] { 1, 2 }, "bolt" }).WithinLimitAsync("the call");
        (int[] numbers, string text, bool? missing) = await received.Task.WithinLimitAsync("the event");

        Assert.Equal([1, 2], numbers);
        Assert.Equal("bolt", text);
        Assert.Null(missing);
    }

    [Fact]
    public async Task Events_SubscriptionDisposed_HearsNoMore()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy events = connection.GetProxy("events");
        int heard = 0;

        using (events.On("tick", () => heard++))
        {
            await events.CallAsync("burst", 1).WithinLimitAsync("the first burst");
        }

        await events.CallAsync("burst", 1).WithinLimitAsync("the second burst");

        Assert.Equal(1, heard);
    }

    [Fact]
    public async Task Emit_EventOfTheClient_ReachesTheServer()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy events = connection.GetProxy("events");
        var pong = new TaskCompletionSource<string>();
        using IDisposable subscription = events.On<string>("pong", pong.SetResult);

        await events.EmitAsync("ping", "hello");

        Assert.Equal("hello", await pong.Task.WithinLimitAsync("the pong"));
    }

    [Fact]
    public async Task ReadEvents_Burst_AreReadInOrder()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy events = connection.GetProxy("events");
        List<int> ticks = [];
        await using IAsyncEnumerator<int> reading = events.ReadEventsAsync<int>("tick").GetAsyncEnumerator();
        ValueTask<bool> next = reading.MoveNextAsync();

        await events.CallAsync("burst", 100).WithinLimitAsync("the burst");

        while (ticks.Count < 100 && await next.AsTask().WithinLimitAsync("a tick"))
        {
            ticks.Add(reading.Current);
            next = ticks.Count < 100 ? reading.MoveNextAsync() : default;
        }

        Assert.Equal(Enumerable.Range(0, 100), ticks);
    }

    [Fact]
    public async Task Ping_Connected_IsAnswered()
    {
        await using JstpClientConnection connection = await ConnectAsync();

        TimeSpan time = await connection.PingAsync().WithinLimitAsync("the pong");

        Assert.InRange(time, TimeSpan.Zero, Patience.Limit);
    }
}
