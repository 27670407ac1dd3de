namespace Jstp.Transport.WebSockets;

/// <summary>
/// Deadlines of many connections behind one timer, which runs only while there are any. An entry is due up to one resolution late, never early.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    private const int SlotCount = 256;

    private readonly Lock _lock = new();
    private readonly TimerWheelEntry?[] _slots = new TimerWheelEntry?[SlotCount];
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private readonly TimeSpan _resolution;
    private int _current;
    private int _count;

    public TimerWheel(TimeProvider timeProvider, TimeSpan resolution)
    {
        _timeProvider = timeProvider;
        _resolution = resolution;
        _timer = timeProvider.CreateTimer(static self => ((TimerWheel)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets an entry's deadline, in place of the one it had. An infinite delay removes it.</summary>
    public void Schedule(TimerWheelEntry entry, TimeSpan delay)
    {
        lock (_lock)
        {
            if (entry.Slot >= 0)
            {
                RemoveLocked(entry);
            }

            if (delay != Timeout.InfiniteTimeSpan)
            {
                InsertLocked(entry, _timeProvider.GetTimestamp() + (long)(delay.TotalSeconds * _timeProvider.TimestampFrequency));
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void InsertLocked(TimerWheelEntry entry, long deadline)
    {
        TimeSpan delay = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), deadline);

        // A deadline beyond the wheel's reach is put as far as it goes, and looked at again there.
        long ticks = Math.Clamp(1 + (delay.Ticks / _resolution.Ticks), 1, SlotCount - 1);
        int slot = (int)((_current + ticks) % SlotCount);

        entry.Deadline = deadline;
        entry.Slot = slot;
        entry.Previous = null;
        entry.Next = _slots[slot];
        entry.Next?.Previous = entry;
        _slots[slot] = entry;

        if (_count++ == 0)
        {
            _timer.Change(_resolution, _resolution);
        }
    }

    private void RemoveLocked(TimerWheelEntry entry)
    {
        if (entry.Previous is { } previous)
        {
            previous.Next = entry.Next;
        }
        else
        {
            _slots[entry.Slot] = entry.Next;
        }

        entry.Next?.Previous = entry.Previous;
        entry.Next = null;
        entry.Previous = null;
        entry.Slot = -1;

        if (--_count == 0)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tick()
    {
        List<TimerWheelEntry>? due = null;

        lock (_lock)
        {
            _current = (_current + 1) % SlotCount;
            long now = _timeProvider.GetTimestamp();

            for (TimerWheelEntry? entry = _slots[_current]; entry is not null;)
            {
                TimerWheelEntry? next = entry.Next;
                RemoveLocked(entry);

                if (entry.Deadline <= now)
                {
                    (due ??= []).Add(entry);
                }
                else
                {
                    InsertLocked(entry, entry.Deadline);
                }

                entry = next;
            }
        }

        // Outside the lock: an entry may schedule itself anew.
        foreach (TimerWheelEntry entry in due ?? [])
        {
            entry.OnDue();
        }
    }
}
