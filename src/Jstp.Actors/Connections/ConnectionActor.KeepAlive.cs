namespace Jstp.Actors.Connections;

// Probes below JSTP, which find peers that are gone without a word (WebSocket page, section 7). Any input counts as a sign of life.
internal sealed partial class ConnectionActor
{
    private long _lastInput;
    private bool _isProbed;

    private void CheckAlive()
    {
        TimeSpan interval = _options.KeepAliveInterval!.Value;
        TimeSpan silence = Context.TimeProvider.GetElapsedTime(_lastInput);

        // What we do not read, or what waits behind output that is not taken, says nothing of the peer; the send timeout does.
        if (MustPause)
        {
            _isProbed = false;
            CheckAliveAfter(interval);
        }
        else if (silence < interval)
        {
            _isProbed = false;
            CheckAliveAfter(interval - silence);
        }
        else if (!_isProbed)
        {
            _isProbed = true;
            _channel.WriteProbe();
            _hasUnflushedOutput = true;
            CheckAliveAfter(_options.KeepAliveGracePeriod);
        }
        else
        {
            LogSilent(_connection.Id, silence);
            Cut();
        }
    }

    private void CheckAliveAfter(TimeSpan time) =>
        Context.Timers.StartSingle(KeepAliveTimer, ConnectionMessage.KeepAliveDue.Instance, time);
}
