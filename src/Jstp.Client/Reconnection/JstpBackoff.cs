namespace Jstp.Client.Reconnection;

/// <summary>
/// Waits longer after each failure (protocol page, section 12): a base time that doubles up to a limit, and a random time on top, so that the clients of a
/// server that restarts do not all come at once.
/// </summary>
public sealed class JstpBackoff : IJstpReconnector
{
    private readonly Func<double> _random;

    /// <summary>Makes a backoff.</summary>
    /// <param name="initial">The base time before the first attempt; above zero.</param>
    /// <param name="limit">The longest base time; not below <paramref name="initial"/>.</param>
    /// <param name="jitter">The longest random time on top; zero for none.</param>
    /// <param name="maxAttempts">Attempts after which to give up; null for never.</param>
    /// <param name="random">Gives numbers from 0 up to 1; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time or number is out of its range.</exception>
    public JstpBackoff(TimeSpan initial, TimeSpan limit, TimeSpan jitter, int? maxAttempts = null, Func<double>? random = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(initial, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, initial);
        ArgumentOutOfRangeException.ThrowIfLessThan(jitter, TimeSpan.Zero);

        if (maxAttempts is { } max)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(max, 1, nameof(maxAttempts));
        }

        Initial = initial;
        Limit = limit;
        Jitter = jitter;
        MaxAttempts = maxAttempts;
        _random = random ?? Random.Shared.NextDouble;
    }

    /// <summary>The reference's: 1 s, doubling up to 32 s, and up to 1 s at random; for ever.</summary>
    public static JstpBackoff Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(1));

    /// <summary>The base time before the first attempt.</summary>
    public TimeSpan Initial { get; }

    /// <summary>The longest base time.</summary>
    public TimeSpan Limit { get; }

    /// <summary>The longest random time on top.</summary>
    public TimeSpan Jitter { get; }

    /// <summary>Attempts after which it gives up; null for never.</summary>
    public int? MaxAttempts { get; }

    /// <inheritdoc/>
    public TimeSpan? GetDelay(JstpReconnectAttempt attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);

        if (attempt.Number > MaxAttempts)
        {
            return null;
        }

        double factor = Math.Pow(2, Math.Min(attempt.Number - 1, 62));
        TimeSpan wait = Initial.TotalMilliseconds * factor < Limit.TotalMilliseconds ? Initial * factor : Limit;

        return wait + Jitter * _random();
    }
}
