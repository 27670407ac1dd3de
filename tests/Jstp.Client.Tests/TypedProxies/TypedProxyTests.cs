using System.Collections.Concurrent;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>What the generator makes, against a server that maps its class by reflection.</summary>
public sealed class TypedProxyTests(DepotServer server) : IClassFixture<DepotServer>
{
    private readonly IDepot _depot = server.Connection.GetProxy<IDepot>();

    [Fact]
    public async Task Call_ArgumentsOfEveryKind_GetTheirResults()
    {
        (string text, int count, Item item) = await _depot.ThreeAsync("bolt's", -3, new Item("nut", 5)).WithinLimitAsync("three results");
        Item? found = await _depot.FindAsync("nut").AsTask().WithinLimitAsync("an item");
        Item? missing = await _depot.FindAsync(null).AsTask().WithinLimitAsync("no item");
        int sum = await _depot.SumAsync(1, 2, 3).WithinLimitAsync("the sum");
        await _depot.NothingAsync().AsTask().WithinLimitAsync("nothing");
        bool all = await _depot.EverythingAsync().WithinLimitAsync("the renamed method");
        MdsfValue undefined = await _depot.ValueAsync(MdsfValue.Undefined).WithinLimitAsync("undefined");

        Assert.Equal(("bolt's", -3, new Item("nut", 5)), (text, count, item));
        Assert.Equal(new Item("nut", 1), found);
        Assert.Null(missing);
        Assert.Equal(6, sum);
        Assert.True(all);
        Assert.Equal(MdsfValueKind.Undefined, undefined.Kind);
    }

    [Fact]
    public async Task Call_Cancelled_IsGivenUp()
    {
        using var cancellation = new CancellationTokenSource();
        Task never = _depot.NeverAsync(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never.WithinLimitAsync("the end of the call"));
    }

    [Fact]
    public async Task Call_OfAMethodThatTheServerLacks_ThrowsItsError()
    {
        JstpException error = await Assert.ThrowsAsync<JstpException>(() => _depot.AskAsync("?").WithinLimitAsync("the refusal"));

        Assert.Equal(JstpErrorCode.MethodNotFound, error.Code);
    }

    [Fact]
    public async Task GetProxy_AnotherName_SpeaksToThatInterface()
    {
        JstpException error = await Assert.ThrowsAsync<JstpException>(
            () => server.Connection.GetProxy<IDepot>("elsewhere").SumAsync(1).WithinLimitAsync("the refusal"));

        Assert.Equal(JstpErrorCode.InterfaceNotFound, error.Code);
    }

    [Fact]
    public async Task Event_EmittedAndHeard_InOrder()
    {
        var heard = new ConcurrentQueue<(string, int)>();
        IDepot depot = server.Connection.GetProxy<IDepot>();
        depot.Typed += (who, letters) => heard.Enqueue((who, letters));

        await depot.TypingAsync("ann", 1);
        await depot.TypingAsync("bob", 2);
        await Patience.UntilAsync(() => heard.Count == 2, "two events");

        Assert.Equal([("ann", 1), ("bob", 2)], heard);
    }

    [Fact]
    public async Task Event_HandlersRemoved_HearNoMoreUntilTheyComeBack()
    {
        var heard = new ConcurrentQueue<string>();
        IDepot depot = server.Connection.GetProxy<IDepot>();
        SaidHandler first = (text, item) => heard.Enqueue($"1{text}{item?.Sku}");
        SaidHandler second = (text, item) => heard.Enqueue($"2{text}{item?.Sku}");

        depot.Said += first;
        depot.Said += second;
        await depot.SayAsync(["a", MdsfValue.Parse("{sku:'nut',count:1}")]).WithinLimitAsync("the first event");
        depot.Said -= first;
        await depot.SayAsync(["b"]).WithinLimitAsync("the second event");
        depot.Said -= second;
        depot.Said -= second;
        await depot.SayAsync(["c"]).WithinLimitAsync("the third event");
        depot.Said += first;
        await depot.SayAsync(["d", MdsfValue.Null, 7]).WithinLimitAsync("the fourth event");

        // Events that a method emits come before its answer.
        Assert.Equal(["1anut", "2anut", "2b", "1d"], heard);
    }

    [Fact]
    public async Task Event_ArgumentsThatDoNotFit_EndNothing()
    {
        var heard = new ConcurrentQueue<string>();
        IDepot depot = server.Connection.GetProxy<IDepot>();
        depot.Said += (text, _) => heard.Enqueue(text);

        await depot.SayAsync([MdsfValue.Null]).WithinLimitAsync("an event without a text");
        await depot.SayAsync(["b", "no item"]).WithinLimitAsync("an event with a text for an item");
        await depot.SayAsync(["c"]).WithinLimitAsync("a good event");

        Assert.Equal(["c"], heard);
    }
}
