using System.Diagnostics;
using Jstp.Transport.WebSockets;

namespace Jstp.Client.Connections;

/// <summary>What a link does by the clock: the heartbeat, pings of a silent server, and the end of one that stays silent.</summary>
internal sealed class LinkClock
{
    private readonly Lock _lock = new();
    private readonly Link _link;
    private readonly JstpClientOptions _options;
    private readonly TimeProvider _time;
    private KeepAlive _keepAlive;
    private ITimer? _heartbeatTimer;
    private ITimer? _keepAliveTimer;
    private ITimer? _endTimer;
    private bool _isStopped;
    private long _lastReceived; // written by the reader, without the lock
    private long _known; // the receipt that the timer has taken note of

    public LinkClock(Link link, JstpClientOptions options)
    {
        _link = link;
        _options = options;
        _time = options.TimeProvider;
    }

    public void Start()
    {
        lock (_lock)
        {
            if (_options.HeartbeatInterval is { } heartbeat)
            {
                _heartbeatTimer = _time.CreateTimer(static link => ((Link)link!).SendPing(), _link, heartbeat, heartbeat);
            }

            if (_options.KeepAliveInterval is { } interval)
            {
                OnReceived();
                _keepAlive = new KeepAlive(new KeepAlivePolicy(interval, _options.KeepAliveGracePeriod, _time), _time.GetTimestamp());
                _keepAliveTimer = _time.CreateTimer(static clock => ((LinkClock)clock!).OnKeepAliveDue(), this, interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Bytes have arrived.</summary>
    public void OnReceived()
    {
        if (_options.KeepAliveInterval is not null)
        {
            Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        }
    }

    /// <summary>The link is ending and may take this long.</summary>
    public void LimitEnd(TimeSpan timeout)
    {
        lock (_lock)
        {
            if (!_isStopped)
            {
                _endTimer ??= _time.CreateTimer(
                    static link => ((Link)link!).Cut(new TimeoutException("The server did not end the connection in time.")), _link, timeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            _heartbeatTimer?.Dispose();
            _keepAliveTimer?.Dispose();
            _endTimer?.Dispose();
        }
    }

    private void OnKeepAliveDue()
    {
        KeepAliveAction action;

        lock (_lock)
        {
            if (_isStopped)
            {
                return;
            }

            Debug.Assert(_keepAliveTimer is not null, "It is this timer that is due.");
            long received = Volatile.Read(ref _lastReceived);

            if (received > _known)
            {
                _known = received;
                _keepAlive.OnReceived(received);
            }

            action = _keepAlive.Check(_time.GetTimestamp());

            if (action == KeepAliveAction.SendPing)
            {
                _keepAlive.OnPingSent(_time.GetTimestamp());
            }

            if (action != KeepAliveAction.Drop)
            {
                _keepAliveTimer.Change(_keepAlive.GetDelay(_time.GetTimestamp()), Timeout.InfiniteTimeSpan);
            }
        }

        switch (action)
        {
            case KeepAliveAction.SendPing:
                _link.SendPing();
                break;
            case KeepAliveAction.Drop:
                _link.Cut(new TimeoutException("The server gave no sign of life after a ping."));
                break;
            default:
                break;
        }
    }
}
