using Jstp.TestKit;

namespace Jstp.Actors.Tests.Kernel;

/// <summary>The clock that every other test trusts.</summary>
public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly List<(string Name, TimeSpan At)> _fired = [];

    [Fact]
    public void Advance_SeveralTimersDue_FiresInOrderAtTheirTimes()
    {
        using ITimer late = Arm("late", 3 * Second);
        using ITimer early = Arm("early", 1 * Second);
        using ITimer sameTime = Arm("same time", 3 * Second);
        using ITimer periodic = Arm("periodic", 2 * Second, 2 * Second);

        _time.Advance(4 * Second);

        Assert.Equal(
            [("early", 1 * Second), ("periodic", 2 * Second), ("late", 3 * Second), ("same time", 3 * Second), ("periodic", 4 * Second)], _fired);
        Assert.Equal(1, _time.ArmedTimerCount);
    }

    [Fact]
    public void Advance_ClocksAgree()
    {
        DateTimeOffset before = _time.GetUtcNow();
        long start = _time.GetTimestamp();

        _time.Advance(90 * Second);

        Assert.Equal(90 * Second, _time.GetUtcNow() - before);
        Assert.Equal(90 * Second, _time.GetElapsedTime(start));
    }

    [Fact]
    public void Advance_TimerArmedByACallback_FiresOnTheWay()
    {
        ITimer? inner = null;
        using ITimer outer = _time.CreateTimer(_ => inner = Arm("inner", Second), null, Second, Timeout.InfiniteTimeSpan);

        _time.Advance(3 * Second);

        Assert.Equal([("inner", 2 * Second)], _fired);
        inner?.Dispose();
    }

    [Fact]
    public void Change_AndDispose_MoveAndEndTheTimer()
    {
        ITimer timer = Arm("timer", Second);
        timer.Change(5 * Second, Timeout.InfiniteTimeSpan);
        _time.Advance(4 * Second);
        Assert.Empty(_fired);

        timer.Dispose();
        _time.Advance(4 * Second);

        Assert.Empty(_fired);
        Assert.False(timer.Change(Second, Second));
    }

    [Fact]
    public async Task WaitForTimerAsync_TimerArmedLater_Completes()
    {
        Task wait = _time.WaitForTimerAsync(2 * Second);
        using ITimer other = Arm("other", Second);
        Assert.False(wait.IsCompleted);

        using ITimer timer = Arm("awaited", 2 * Second);

        await wait;
    }

    private ITimer Arm(string name, TimeSpan dueTime, TimeSpan? period = null) =>
        _time.CreateTimer(_ => _fired.Add((name, TimeSpan.FromTicks(_time.GetTimestamp()))), null, dueTime, period ?? Timeout.InfiniteTimeSpan);
}
