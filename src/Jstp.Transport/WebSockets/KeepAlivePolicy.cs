namespace Jstp.Transport.WebSockets;

/// <summary>When a silent peer is pinged and when it is given up (specification page, section 7). One for all connections of a server.</summary>
public sealed class KeepAlivePolicy
{
    /// <summary>Creates a policy.</summary>
    /// <param name="interval">Silence after which a ping goes out; positive.</param>
    /// <param name="gracePeriod">Silence after the ping after which the peer is given up; <see langword="null"/> never gives up.</param>
    /// <param name="timeProvider">The clock.</param>
    public KeepAlivePolicy(TimeSpan interval, TimeSpan? gracePeriod, TimeProvider timeProvider)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(timeProvider);

        TimeProvider = timeProvider;
        Interval = interval;
        GracePeriod = gracePeriod;
        IntervalTimestamps = ToTimestamps(interval);
        GraceTimestamps = gracePeriod is { } grace ? ToTimestamps(grace) : null;
    }

    /// <summary>The clock whose timestamps <see cref="KeepAlive"/> is given.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Silence after which a ping goes out.</summary>
    public TimeSpan Interval { get; }

    /// <summary>Silence after the ping after which the peer is given up; <see langword="null"/> never gives up.</summary>
    public TimeSpan? GracePeriod { get; }

    internal long IntervalTimestamps { get; }

    internal long? GraceTimestamps { get; }

    private long ToTimestamps(TimeSpan span) => (long)(span.TotalSeconds * TimeProvider.TimestampFrequency);
}
