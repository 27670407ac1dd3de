using System.Buffers;
using Jstp.Actors.Sessions;
using Jstp.Transport.Channels;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

// From the attachment to the first message: the answer of the handshake, what the client missed, and who is to know (protocol page, 10.3).
internal sealed partial class ConnectionActor
{
    private int _runningCalls;
    private long _receivedCountAtOpen;

    private void Open(ConnectionMessage.Attached attached)
    {
        _session = attached.Session;
        _connection = attached.Connection;
        _connection.Application = _admission.Application;
        _connection.RequestedVersion = _admission.RequestedVersion;
        _connection.RemoteEndPoint = _channel.RemoteEndPoint;
        _receivedCountAtOpen = _session.ReceivedCount;
        _phase = Phase.Open;
        Context.Timers.Cancel(AttachTimer);
        StartRecording();

        AnswerHandshake();
        _connection.IsConnected = true;
        _connection.SetHolder(this);
        AskBeforeSettling();
        EmptyOutbox();
        StartTimers();
        _server.OnConnected(_connection, isRestored: _admission.RestoredCount is not null);
        ReadMore();
    }

    private void AnswerHandshake()
    {
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();

        if (_admission.RestoredCount is { } clientCount)
        {
            _session.Restore(clientCount);
            JstpMessageWriter.WriteHandshakeOk(scratch, _session.ReceivedCount);
            WriteText(scratch.WrittenSpan);

            foreach (OutgoingMessage message in _session.Buffer.Messages)
            {
                scratch.ResetWrittenCount();
                message.WriteTo(scratch);
                WriteText(scratch.WrittenSpan);
            }
        }
        else
        {
            JstpMessageWriter.WriteHandshakeOk(scratch, _session.Id);
            WriteText(scratch.WrittenSpan);
        }

        TextScratch.Return(scratch);
    }

    private void StartTimers()
    {
        if (_options.HeartbeatInterval is { } heartbeat)
        {
            Context.Timers.StartPeriodic(HeartbeatTimer, ConnectionMessage.HeartbeatDue.Instance, heartbeat);
        }

        StartKeepAlive();
    }

    // The session ended, or another connection was quicker, after the handshake had found it.
    private void Refuse()
    {
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        JstpMessageWriter.WriteHandshakeError(scratch, JstpError.FromCode(JstpErrorCode.AuthenticationFailed));
        WriteText(scratch.WrittenSpan);
        TextScratch.Return(scratch);
        End(ChannelClose.Normal);
    }
}
