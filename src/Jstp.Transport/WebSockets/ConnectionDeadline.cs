namespace Jstp.Transport.WebSockets;

/// <summary>What a connection does by the clock: pings a silent peer, drops a dead one, gives up on a flush that the peer does not take.</summary>
internal sealed class ConnectionDeadline : TimerWheelEntry
{
    private readonly Lock _lock = new();
    private readonly WebSocketConnection _connection;
    private readonly WebSocketServerContext _server;
    private KeepAlive _keepAlive;

    public ConnectionDeadline(WebSocketConnection connection, WebSocketServerContext server)
    {
        _connection = connection;
        _server = server;
    }

    public void Start()
    {
        lock (_lock)
        {
            if (_server.KeepAlive is { } policy)
            {
                _keepAlive = new KeepAlive(policy, Now);
            }
        }

        Reschedule();
    }

    public void OnReceived()
    {
        lock (_lock)
        {
            _keepAlive.OnReceived(Now);
        }
    }

    public void OnPingSent()
    {
        lock (_lock)
        {
            _keepAlive.OnPingSent(Now);
        }

        Reschedule();
    }

    public void StopKeepAlive()
    {
        lock (_lock)
        {
            _keepAlive.Stop();
        }
    }

    public void Stop() => _server.Wheel.Schedule(this, Timeout.InfiniteTimeSpan);

    /// <summary>A flush begins to wait for the peer.</summary>
    public void OnFlushWaiting()
    {
        if (_server.Options.SendTimeout != Timeout.InfiniteTimeSpan)
        {
            _server.Wheel.Schedule(this, Min(_server.Options.SendTimeout, Delay));
        }
    }

    public override void OnDue()
    {
        if (_connection.IsFlushOverdue(_server.Options.SendTimeout))
        {
            _connection.OnDead("a flush took longer than SendTimeout");
            return;
        }

        KeepAliveAction action;

        lock (_lock)
        {
            action = _keepAlive.Check(Now, _connection.IsReadingHeldUp);
        }

        switch (action)
        {
            case KeepAliveAction.SendPing:
                _ = _connection.SendKeepAlivePingAsync();
                break;
            case KeepAliveAction.Drop:
                _connection.OnDead("no sign of life after a ping");
                return;
        }

        Reschedule();
    }

    private long Now => _server.TimeProvider.GetTimestamp();

    private TimeSpan Delay
    {
        get
        {
            lock (_lock)
            {
                return _keepAlive.GetDelay(Now);
            }
        }
    }

    private void Reschedule()
    {
        TimeSpan delay = Delay;

        if (_connection.IsFlushing)
        {
            delay = Min(delay, _server.Options.SendTimeout);
        }

        _server.Wheel.Schedule(this, delay);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right)
        => left == Timeout.InfiniteTimeSpan ? right : right == Timeout.InfiniteTimeSpan || left < right ? left : right;
}
