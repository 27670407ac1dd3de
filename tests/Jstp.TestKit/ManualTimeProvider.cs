namespace Jstp.TestKit;

/// <summary>
/// A clock that stands still until <see cref="Advance"/> moves it. Timers that become due fire on the thread that moves the
/// clock, in the order of their time and, at the same time, of their arming. One hand moves the clock; timers may be made,
/// changed and disposed from any thread.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.ByDueTime);
    private readonly List<TimerWaiter> _waiters = [];
    private long _now; // ticks since Start
    private long _arms;

    private readonly record struct TimerWaiter(TimeSpan? DueIn, TaskCompletionSource Source);

    /// <summary>Ticks of <see cref="TimeSpan"/>.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The clocks of tests show UTC.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are armed.</summary>
    public int ArmedTimerCount
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count;
            }
        }
    }

    /// <summary>When the next timer is due, from now; <see langword="null"/> when none is armed.</summary>
    public TimeSpan? NextTimerDueIn
    {
        get
        {
            lock (_lock)
            {
                return _armed.Min is { } timer ? TimeSpan.FromTicks(timer.DueAt - _now) : null;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start.AddTicks(Volatile.Read(ref _now));

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _now);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, stopping at every timer that becomes due on the way to fire it.</summary>
    /// <param name="by">How far, zero or more.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target = Volatile.Read(ref _now) + by.Ticks;

        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }

        Volatile.Write(ref _now, target);
    }

    /// <summary>Waits until a timer is armed, whenever it is due, so that moving the clock will find it.</summary>
    public Task WaitForTimerAsync() => WaitForTimerAsync(dueIn: null, "an armed timer");

    /// <summary>Waits until a timer is armed that is due in exactly <paramref name="dueIn"/> from now.</summary>
    public Task WaitForTimerAsync(TimeSpan dueIn) => WaitForTimerAsync(dueIn, $"an armed timer that is due in {dueIn}");

    internal void Arm(ManualTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _armed.Remove(timer);

            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            ArmLocked(timer, _now + dueTime.Ticks);
        }

        if (dueTime == TimeSpan.Zero && TryDisarm(timer))
        {
            timer.Fire();
        }
    }

    internal bool TryDisarm(ManualTimer timer)
    {
        lock (_lock)
        {
            return _armed.Remove(timer);
        }
    }

    private ManualTimer? TakeDue(long target)
    {
        lock (_lock)
        {
            if (_armed.Min is not { } timer || timer.DueAt > target)
            {
                return null;
            }

            _armed.Remove(timer);
            Volatile.Write(ref _now, timer.DueAt);

            if (timer.Period > TimeSpan.Zero)
            {
                ArmLocked(timer, timer.DueAt + timer.Period.Ticks);
            }

            return timer;
        }
    }

    private void ArmLocked(ManualTimer timer, long dueAt)
    {
        timer.DueAt = dueAt;
        timer.ArmedAs = ++_arms;
        _armed.Add(timer);

        for (int i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].DueIn is not { } dueIn || dueIn.Ticks == dueAt - _now)
            {
                _waiters[i].Source.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }

    private Task WaitForTimerAsync(TimeSpan? dueIn, string awaited)
    {
        lock (_lock)
        {
            if (_armed.Any(timer => dueIn is null || dueIn.Value.Ticks == timer.DueAt - _now))
            {
                return Task.CompletedTask;
            }

            var waiter = new TimerWaiter(dueIn, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
            return waiter.Source.Task.WithinLimitAsync(awaited);
        }
    }
}
