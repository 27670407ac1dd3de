namespace Jstp.Transport.WebSockets;

/// <summary>Something with a deadline in a <see cref="TimerWheel"/>, which owns the links.</summary>
internal abstract class TimerWheelEntry
{
    internal TimerWheelEntry? Next { get; set; }

    internal TimerWheelEntry? Previous { get; set; }

    internal int Slot { get; set; } = -1;

    internal long Deadline { get; set; }

    /// <summary>The deadline passed; the entry is out of the wheel. Must not block or throw.</summary>
    public abstract void OnDue();
}
