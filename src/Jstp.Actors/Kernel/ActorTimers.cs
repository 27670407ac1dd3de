using Jstp.Actors.Kernel.Internal;

namespace Jstp.Actors.Kernel;

/// <summary>
/// Timers that tell their actor a message, each under a key; starting one under a used key replaces it. A message of a
/// cancelled or replaced timer is not delivered, even if it waits in the mailbox already. All end when the actor stops or
/// restarts. For use within the actor's turns.
/// </summary>
/// <typeparam name="TMessage">What the actor is told.</typeparam>
public sealed class ActorTimers<TMessage>
{
    private readonly ActorCell<TMessage> _cell;
    private readonly Dictionary<object, TimerMessage<TMessage>> _timers = [];

    internal ActorTimers(ActorCell<TMessage> cell) => _cell = cell;

    /// <summary>Tells <paramref name="message"/> once.</summary>
    /// <param name="key">Names the timer; compared with <see cref="object.Equals(object?)"/>.</param>
    /// <param name="message">What the actor is told.</param>
    /// <param name="delay">When, from now: zero up to 49 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is out of range.</exception>
    public void StartSingle(object key, TMessage message, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Start(key, message, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Tells <paramref name="message"/> again and again, first after one period. A tick is skipped while the one before it still waits in the mailbox.
    /// </summary>
    /// <param name="key">Names the timer; compared with <see cref="object.Equals(object?)"/>.</param>
    /// <param name="message">What the actor is told.</param>
    /// <param name="period">The time between two ticks: above zero, up to 49 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is out of range.</exception>
    public void StartPeriodic(object key, TMessage message, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        Start(key, message, period, period);
    }

    /// <summary>Ends a timer.</summary>
    /// <returns>Whether it was active.</returns>
    public bool Cancel(object key)
    {
        ArgumentNullException.ThrowIfNull(key);

        if (!_timers.Remove(key, out TimerMessage<TMessage>? timer))
        {
            return false;
        }

        timer.Cancel();
        return true;
    }

    /// <summary>Whether a timer runs, or its single message still waits in the mailbox.</summary>
    public bool IsActive(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _timers.ContainsKey(key);
    }

    /// <summary>Ends all timers.</summary>
    public void CancelAll()
    {
        foreach (TimerMessage<TMessage> timer in _timers.Values)
        {
            timer.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>Whether the message of a timer that fired is to be delivered; ends a single timer.</summary>
    internal bool TryClaim(TimerMessage<TMessage> timer)
    {
        if (!timer.TryClaim())
        {
            return false;
        }

        if (!timer.IsPeriodic)
        {
            Cancel(timer.Key);
        }

        return true;
    }

    private void Start(object key, TMessage message, TimeSpan dueTime, TimeSpan period)
    {
        Cancel(key);
        var timer = new TimerMessage<TMessage>(_cell, key, message, isPeriodic: period != Timeout.InfiniteTimeSpan);
        timer.Start(dueTime, period);
        _timers.Add(key, timer);
    }
}
