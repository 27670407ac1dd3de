namespace Jstp.TestKit;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>, whose lock guards <see cref="DueAt"/> and <see cref="ArmedAs"/>.</summary>
internal sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
{
    internal static readonly IComparer<ManualTimer> ByDueTime = Comparer<ManualTimer>.Create(static (a, b) =>
        a.DueAt != b.DueAt ? a.DueAt.CompareTo(b.DueAt) : a.ArmedAs.CompareTo(b.ArmedAs));

    private bool _disposed;

    internal long DueAt { get; set; }

    internal long ArmedAs { get; set; }

    internal TimeSpan Period { get; private set; } = Timeout.InfiniteTimeSpan;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (Volatile.Read(ref _disposed))
        {
            return false;
        }

        Period = period;
        time.Arm(this, dueTime);
        return true;
    }

    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        time.TryDisarm(this);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire()
    {
        if (!Volatile.Read(ref _disposed))
        {
            callback(state);
        }
    }
}
