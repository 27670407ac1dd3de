using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>The idle timer, with time moved by hand (specification page, section 7; scenario 7 of section 15).</summary>
public sealed class KeepAliveTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Check_BeforeTheInterval_AsksForNothing()
    {
        KeepAlive keepAlive = Start();

        _time.Advance(Interval - TimeSpan.FromMilliseconds(1));

        Assert.Equal(KeepAliveAction.None, keepAlive.Check(Now));
        Assert.Equal(TimeSpan.FromMilliseconds(1), keepAlive.GetDelay(Now));
    }

    [Fact]
    public void Check_SilenceForTheInterval_Pings()
    {
        KeepAlive keepAlive = Start();

        _time.Advance(Interval);

        Assert.Equal(KeepAliveAction.SendPing, keepAlive.Check(Now));
    }

    [Fact]
    public void OnReceived_OneByteLate_StartsTheIntervalAnew()
    {
        KeepAlive keepAlive = Start();

        _time.Advance(Interval - TimeSpan.FromSeconds(1));
        keepAlive.OnReceived(Now);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(KeepAliveAction.None, keepAlive.Check(Now));
        Assert.Equal(Interval - TimeSpan.FromSeconds(1), keepAlive.GetDelay(Now));
    }

    [Fact]
    public void Check_SilenceForTheGracePeriod_Drops()
    {
        KeepAlive keepAlive = StartInGrace();

        _time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        Assert.Equal(KeepAliveAction.None, keepAlive.Check(Now));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(KeepAliveAction.Drop, keepAlive.Check(Now));
        Assert.Equal(Timeout.InfiniteTimeSpan, keepAlive.GetDelay(Now));
    }

    [Fact]
    public void OnReceived_InTheGracePeriod_CountsAsAnswer()
    {
        KeepAlive keepAlive = StartInGrace();

        _time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        keepAlive.OnReceived(Now);
        _time.Advance(Grace);

        Assert.Equal(KeepAliveAction.None, keepAlive.Check(Now));
        _time.Advance(Interval - Grace);
        Assert.Equal(KeepAliveAction.SendPing, keepAlive.Check(Now));
    }

    [Fact]
    public void Check_PingStillBehindQueuedOutput_GraceDoesNotRun()
    {
        KeepAlive keepAlive = Start();
        _time.Advance(Interval);
        keepAlive.Check(Now);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(KeepAliveAction.None, keepAlive.Check(Now));
        keepAlive.OnPingSent(Now);

        Assert.Equal(Grace, keepAlive.GetDelay(Now));
    }

    [Fact]
    public void Check_ReadingPaused_NeitherPingsNorDrops()
    {
        KeepAlive idle = Start();
        KeepAlive inGrace = Start();
        _time.Advance(Interval);
        inGrace.Check(Now);
        inGrace.OnPingSent(Now);

        Assert.Equal(KeepAliveAction.None, idle.Check(Now, isReadingPaused: true));
        _time.Advance(Grace);
        Assert.Equal(KeepAliveAction.None, inGrace.Check(Now, isReadingPaused: true));

        _time.Advance(Grace);
        Assert.Equal(KeepAliveAction.Drop, inGrace.Check(Now));
    }

    [Fact]
    public void Check_WithoutGracePeriod_PingsOnceAnIntervalForEver()
    {
        var keepAlive = new KeepAlive(new KeepAlivePolicy(Interval, null, _time), Now);
        int pings = 0;

        for (int second = 0; second < 100; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            KeepAliveAction action = keepAlive.Check(Now);
            Assert.NotEqual(KeepAliveAction.Drop, action);
            pings += action is KeepAliveAction.SendPing ? 1 : 0;
        }

        Assert.Equal(5, pings);
    }

    [Fact]
    public void Stop_OnceAndForAll_AsksForNothing()
    {
        KeepAlive keepAlive = Start();

        keepAlive.Stop();
        keepAlive.OnReceived(Now);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(KeepAliveAction.None, keepAlive.Check(Now));
    }

    private long Now => _time.GetTimestamp();

    private KeepAlive Start() => new(new KeepAlivePolicy(Interval, Grace, _time), Now);

    private KeepAlive StartInGrace()
    {
        KeepAlive keepAlive = Start();
        _time.Advance(Interval);
        keepAlive.Check(Now);
        keepAlive.OnPingSent(Now);
        return keepAlive;
    }
}
