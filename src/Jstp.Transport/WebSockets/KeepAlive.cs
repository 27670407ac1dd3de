namespace Jstp.Transport.WebSockets;

/// <summary>
/// The idle timer of one connection without a timer of its own (specification page, section 7): its owner says when bytes arrived, and asks at the
/// deadline what to do. Any received byte counts, sending does not.
/// </summary>
/// <remarks>
/// A mutable struct, to be a field of its owner; not thread-safe. Timestamps are those of the policy's clock. The owner's timer need not move when bytes
/// arrive: at the old deadline <see cref="Check"/> answers <see cref="KeepAliveAction.None"/>, and <see cref="GetDelay"/> tells when to come again.
/// </remarks>
public struct KeepAlive
{
    private readonly KeepAlivePolicy? _policy;
    private long _since;
    private Phase _phase;

    /// <summary>Starts the idle timer.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="now">The present timestamp.</param>
    public KeepAlive(KeepAlivePolicy policy, long now)
    {
        ArgumentNullException.ThrowIfNull(policy);

        _policy = policy;
        _since = now;
        _phase = Phase.Idle;
    }

    private enum Phase : byte
    {
        Stopped,
        Idle,
        PingQueued,
        Grace,
    }

    /// <summary>Bytes arrived, were it part of a frame: the idle timer starts anew, and a ping that is out counts as answered.</summary>
    public void OnReceived(long now)
    {
        _since = now;

        if (_phase is not Phase.Stopped)
        {
            _phase = Phase.Idle;
        }
    }

    /// <summary>The ping left: the grace period starts. Until then a ping that waits behind other output costs the peer nothing.</summary>
    public void OnPingSent(long now)
    {
        if (_phase is Phase.PingQueued)
        {
            _phase = Phase.Grace;
            _since = now;
        }
    }

    /// <summary>Ends the timer; for when a close starts.</summary>
    public void Stop() => _phase = Phase.Stopped;

    /// <summary>Tells what to do now.</summary>
    /// <param name="now">The present timestamp.</param>
    /// <param name="isReadingPaused">Whether our side is not reading although bytes may be waiting: then the peer's silence is our own doing.</param>
    public KeepAliveAction Check(long now, bool isReadingPaused = false)
    {
        if (_policy is null || !IsDue(now))
        {
            return KeepAliveAction.None;
        }

        if (isReadingPaused)
        {
            _since = now;
            return KeepAliveAction.None;
        }

        if (_phase is Phase.Grace)
        {
            Stop();
            return KeepAliveAction.Drop;
        }

        _phase = _policy.GracePeriod is null ? Phase.Idle : Phase.PingQueued;
        _since = now;
        return KeepAliveAction.SendPing;
    }

    /// <summary>How long until <see cref="Check"/> may ask for something; infinite when it never will by itself.</summary>
    public readonly TimeSpan GetDelay(long now)
    {
        if (_policy is null || _phase is Phase.Stopped or Phase.PingQueued)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan delay = _policy.TimeProvider.GetElapsedTime(now, _since + Span);

        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }

    private readonly long Span => _phase is Phase.Grace ? _policy!.GraceTimestamps!.Value : _policy!.IntervalTimestamps;

    private readonly bool IsDue(long now) => _phase is Phase.Idle or Phase.Grace && now - _since >= Span;
}
