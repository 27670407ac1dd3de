using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

public sealed class TimerWheelTests : IDisposable
{
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(250);

    private readonly ManualTimeProvider _time = new();
    private readonly TimerWheel _wheel;

    public TimerWheelTests() => _wheel = new TimerWheel(_time, Resolution);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(20)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(500)]
    public void Schedule_AnyDelay_FiresOnceNeverEarlyAndAtMostOneResolutionLate(double seconds)
    {
        var entry = new Entry();
        TimeSpan delay = TimeSpan.FromSeconds(seconds);
        _wheel.Schedule(entry, delay);

        _time.Advance(delay - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, entry.Fired);
        _time.Advance(Resolution + TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, entry.Fired);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, entry.Fired);
    }

    [Fact]
    public void Schedule_Again_ReplacesTheDeadline()
    {
        var entry = new Entry();
        _wheel.Schedule(entry, TimeSpan.FromSeconds(1));
        _wheel.Schedule(entry, TimeSpan.FromSeconds(10));

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, entry.Fired);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(1, entry.Fired);
    }

    [Fact]
    public void Schedule_Infinite_RemovesTheEntryAndStopsTheTimer()
    {
        var entry = new Entry();
        _wheel.Schedule(entry, TimeSpan.FromSeconds(1));

        _wheel.Schedule(entry, Timeout.InfiniteTimeSpan);

        Assert.Equal(0, _time.ArmedCount);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, entry.Fired);
    }

    [Fact]
    public void Schedule_ManyInOneSlot_AllFire()
    {
        Entry[] entries = [.. Enumerable.Range(0, 1000).Select(_ => new Entry())];

        foreach (Entry entry in entries)
        {
            _wheel.Schedule(entry, TimeSpan.FromSeconds(5));
        }

        _wheel.Schedule(entries[500], Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(999, entries.Sum(entry => entry.Fired));
    }

    public void Dispose() => _wheel.Dispose();

    private sealed class Entry : TimerWheelEntry
    {
        public int Fired { get; private set; }

        public override void OnDue() => Fired++;
    }
}
