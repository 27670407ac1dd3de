using Jstp.Actors.Applications.Dispatch;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Actors.Sessions;
using Jstp.Transport.Channels;

namespace Jstp.Actors.Connections;

/// <summary>
/// A client's connection from the answer of its handshake to its end. It owns the transport and, once attached, the session: nobody else touches
/// them, so nothing on the way of a message needs a lock. It runs on the thread that reads whenever it is idle.
/// </summary>
internal sealed partial class ConnectionActor : Actor<ConnectionMessage>, ISessionHolder, ICallHost
{
    private static readonly object AttachTimer = new();
    private static readonly object HeartbeatTimer = new();
    private static readonly object KeepAliveTimer = new();
    private static readonly object SendTimer = new();

    private readonly JstpServer _server;
    private readonly JstpServerOptions _options;
    private readonly Admission _admission;
    private readonly MessageChannel _channel;
    private Session _session = null!; // from the attachment on
    private JstpConnection _connection = null!; // likewise
    private Phase _phase = Phase.Attaching;
    private ChannelClose? _closeReason; // once it has ended; null when it was cut off

    public ConnectionActor(JstpServer server, Admission admission)
    {
        _server = server;
        _options = server.Options;
        _admission = admission;
        _channel = admission.Channel;
        _onOutputTaken = OnOutputTaken;
    }

    private enum Phase : byte
    {
        Attaching, // the session's present holder may have to give way first
        Open,
        Ended,
    }

    bool ISessionHolder.IsCurrent => Context.Self.IsCurrent;

    bool ISessionHolder.BoundsOutbox => false;

    void ISessionHolder.NotifyOutbox() => Context.Self.TryTell(ConnectionMessage.OutboxReady.Instance);

    protected override ValueTask OnStartAsync(CancellationToken stopping)
    {
        ActorRef<ConnectionMessage> self = Context.Self;
        _channel.SetOwner(() => self.Enter(ConnectionMessage.InputReady.Instance));
        Context.Watch(_admission.Session);
        _admission.Session.Tell(new SessionMessage.Attach(self));

        // The session's actor may be waiting for a storage that never answers.
        Context.Timers.StartSingle(AttachTimer, ConnectionMessage.AttachTimedOut.Instance, _options.HandshakeTimeout);

        return ValueTask.CompletedTask;
    }

    protected override ValueTask ReceiveAsync(ConnectionMessage message, CancellationToken stopping)
    {
        if (_phase != Phase.Ended)
        {
            Handle(message);
            RecordChanges();
            FlushOutput();
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnTerminatedAsync(ActorRef watched, TerminationReason reason, CancellationToken stopping)
    {
        // The session's actor is the only one that can keep what this client is owed.
        End(ChannelClose.InternalError);

        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync()
    {
        // Somebody else stopped the actor: the server goes down, or the actor has failed.
        End(_server.IsStopping ? ChannelClose.GoingAway : ChannelClose.InternalError);

        if (_connection is not null)
        {
            StopRecording();
            _session.Pings.FailAll(); // they are not kept, so no later connection will see their pongs
            _connection.IsConnected = false;
            _server.OnDisconnected(_connection);
        }

        return ValueTask.CompletedTask;
    }

    private void Handle(ConnectionMessage message)
    {
        switch (message)
        {
            case ConnectionMessage.InputReady:
                OnInput();
                break;
            case ConnectionMessage.OutboxReady:
                EmptyOutbox();
                break;
            case ConnectionMessage.Committed:
                OnCommitted();
                break;
            case ConnectionMessage.OutputTaken:
                OnFlushCompleted();
                break;
            case ConnectionMessage.HeartbeatDue:
                SendPing(request: null);
                break;
            case ConnectionMessage.KeepAliveDue:
                CheckAlive();
                break;
            case ConnectionMessage.Attached attached:
                Open(attached);
                break;
            case ConnectionMessage.AttachTimedOut:
                _server.OnHandshakeTimedOut(_channel.RemoteEndPoint);
                End(ChannelClose.InternalError);
                break;
            case ConnectionMessage.Refused:
                Refuse();
                break;
            case ConnectionMessage.Moved:
                End(ChannelClose.GoingAway); // no answer, or a client would take its session for lost
                break;
            case ConnectionMessage.TakenOver:
                LogTakenOver(_connection.Id);
                End(ChannelClose.Normal);
                break;
            case ConnectionMessage.SendTimedOut:
                LogSendTimedOut(_connection.Id, _options.SendTimeout);
                Cut();
                break;
        }
    }

    /// <summary>Ends the connection in order. The session goes back to its actor, which watches this one.</summary>
    private void End(ChannelClose reason)
    {
        if (_phase != Phase.Ended)
        {
            _phase = Phase.Ended;
            _closeReason = reason;
            EndChannel();
            Context.Stop();
        }
    }

    /// <summary>Ends the connection without a word to the client.</summary>
    private void Cut()
    {
        if (_phase != Phase.Ended)
        {
            _phase = Phase.Ended;
            _closeReason = null;
            EndChannel();
            Context.Stop();
        }
    }

    private void EndChannel()
    {
        if (_hasInput)
        {
            return; // the input must be given back first, since the end reads too; OnInput comes back here
        }

        if (_closeReason is { } reason)
        {
            _channel.Finish(reason, _options.CloseTimeout, Context.TimeProvider);
        }
        else
        {
            _channel.Cut();
        }
    }
}
