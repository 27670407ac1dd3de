using Jstp.Transport.WebSockets;

namespace Jstp.Actors.Connections;

// Probes that find peers that are gone without a word (WebSocket page, section 7), below JSTP where the transport has them. Any input counts as a sign of
// life.
internal sealed partial class ConnectionActor
{
    private KeepAlive _keepAlive; // a mutable struct

    private void StartKeepAlive()
    {
        if (_server.KeepAlive is { } policy)
        {
            _keepAlive = new KeepAlive(policy, Context.TimeProvider.GetTimestamp());
            ArmKeepAlive();
        }
    }

    private void CheckAlive()
    {
        ProveAnswersWhileIdle();

        // What we do not read, or what waits behind output that is not taken, says nothing of the peer; the send timeout does.
        switch (_keepAlive.Check(Context.TimeProvider.GetTimestamp(), isReadingPaused: MustPause))
        {
            case KeepAliveAction.SendPing:
                if (!_channel.TryWriteProbe())
                {
                    SendPing(request: null);
                }

                FlushOutput();
                _keepAlive.OnPingSent(Context.TimeProvider.GetTimestamp());
                break;
            case KeepAliveAction.Drop:
                LogSilent(_connection.Id);
                Cut();
                return;
            default:
                break;
        }

        ArmKeepAlive();
    }

    private void ArmKeepAlive()
    {
        TimeSpan delay = _keepAlive.GetDelay(Context.TimeProvider.GetTimestamp());

        if (delay != Timeout.InfiniteTimeSpan)
        {
            Context.Timers.StartSingle(KeepAliveTimer, ConnectionMessage.KeepAliveDue.Instance, delay);
        }
    }
}
