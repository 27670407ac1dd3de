namespace Jstp.Actors.Kernel.Internal;

/// <summary>What a parent remembers of one child's restarts. Touched in the parent's turns only.</summary>
internal sealed class RestartHistory
{
    private readonly Queue<long> _restarts = new(); // timestamps within the window, never more than MaxRestarts
    private int _consecutive;
    private long _lastStart;

    /// <summary>Counts a restart that is about to happen.</summary>
    /// <returns>How long to wait before it; <see langword="null"/> when the limit forbids it.</returns>
    internal TimeSpan? TryRestart(SupervisionStrategy strategy, TimeProvider time)
    {
        long now = time.GetTimestamp();

        if (strategy.MaxRestarts is { } limit && !TryCount(limit, strategy.Window, now, time))
        {
            return null;
        }

        TimeSpan longest = strategy.MaxBackoff > strategy.MinBackoff ? strategy.MaxBackoff : strategy.MinBackoff;

        if (_consecutive > 0 && time.GetElapsedTime(_lastStart, now) >= longest)
        {
            _consecutive = 0;
        }

        TimeSpan backoff = Backoff(strategy, longest, _consecutive++);
        _lastStart = now + (long)(backoff.TotalSeconds * time.TimestampFrequency);
        return backoff;
    }

    private static TimeSpan Backoff(SupervisionStrategy strategy, TimeSpan longest, int consecutive)
    {
        double pause = Math.Min(strategy.MinBackoff.TotalSeconds * Math.Pow(2, consecutive), longest.TotalSeconds);
        double jitter = strategy.Jitter > 0 ? 1 + (strategy.Jitter * Random.Shared.NextDouble()) : 1;
        return TimeSpan.FromSeconds(pause * jitter);
    }

    private bool TryCount(int limit, TimeSpan window, long now, TimeProvider time)
    {
        while (_restarts.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) >= window)
        {
            _restarts.Dequeue();
        }

        if (_restarts.Count >= limit)
        {
            return false;
        }

        _restarts.Enqueue(now);
        return true;
    }
}
