using System.Buffers;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Actors.Hosting;
using Jstp.Actors.Sessions;
using Jstp.Transport.Channels;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

// What goes to the client. Whatever a turn writes goes out with one flush at its end.
internal sealed partial class ConnectionActor
{
    private const int MaxUnflushedLength = 64 * 1024; // output that one read may draw before the client is looked at

    private readonly Action _onOutputTaken;
    private bool _isOutputBehind; // the last flush is pending: the client is slower than we are
    private Queue<byte[]>? _backlog; // texts that wait for that flush, during which the transport must not be written to
    private long _backlogLength;
    private long _acknowledgePing; // magnitude of the ping that is to draw an acknowledgement, 0 for none

    private bool CanSend => _phase == Phase.Open && !IsClosing;

    void ISessionHolder.Handle(OutboxItem item)
    {
        if (!_connection.Outbox.IsEmpty)
        {
            EmptyOutbox();
        }

        Carry(item);
    }

    void ICallHost.Answer(ReadOnlySpan<byte> text)
    {
        if (CanSend)
        {
            WriteText(text);
        }
        else
        {
            // The method ended its own connection. As the client sees it, the answer is lost with the connection.
            _server.Metrics.AnswerDropped();
        }
    }

    CallTicket ICallHost.Defer(long? callId)
    {
        _runningCalls++;
        _isDeferred = true;

        return new CallTicket(_connection, callId, _session.Generation);
    }

    void ICallHost.ReportFault(string interfaceName, string member, Exception exception) =>
        LogApplicationFault(_connection.Id, interfaceName, member, exception);

    private void EmptyOutbox()
    {
        // Without a session yet, or any more, its holder is another actor.
        if (!CanSend)
        {
            return;
        }

        IReadOnlyList<OutboxItem> items = _connection.Outbox.TakeAll();

        for (int i = 0; i < items.Count; i++)
        {
            if (!CanSend)
            {
                // The connection ended in this very turn; the session's actor finds the rest where it was, before what was added since.
                _connection.Outbox.PutBack(items.Skip(i));

                return;
            }

            Carry(items[i]);
        }

        if (_connection.Outbox.TakeOverflow())
        {
            OnOverflow();
        }
    }

    // Before this connection had the session more was sent than its actor could keep. What is missing must not be followed by anything.
    private void OnOverflow()
    {
        if (_options.BufferOverflow == BufferOverflowPolicy.EndConnection)
        {
            _connection.Outbox.NoteOverflow();
            EndBehindOutput(ChannelClose.PolicyViolation);
        }
    }

    private void Carry(OutboxItem item)
    {
        if (!CanSend)
        {
            // The connection ended in this very turn; the session's actor empties the outbox when it takes over.
            _connection.Outbox.Add(item);

            return;
        }

        switch (item)
        {
            case OutboxItem.Send send:
                Send(send);
                break;
            case OutboxItem.Post post:
                SendPost(post);
                break;
            case OutboxItem.Record:
                break; // whatever has changed is recorded at the end of the turn
            case OutboxItem.Ping ping:
                SendPing(ping.Request);
                break;
            case OutboxItem.Answer answer:
                SendAnswer(answer);
                break;
            case OutboxItem.Close close:
                EndBehindOutput(close.Reason);
                break;
            case OutboxItem.Abort:
                FlushOutput();
                Cut();
                break;
        }
    }

    private void Send(OutboxItem.Send send)
    {
        switch (SessionLimits.Append(_session, send, _options, out OutgoingMessage message))
        {
            case AppendOutcome.Appended:
                ArrayBufferWriter<byte> scratch = TextScratch.Rent();
                message.WriteTo(scratch);
                WriteText(scratch.WrittenSpan);
                TextScratch.Return(scratch);
                DrawAcknowledgement();
                break;
            case AppendOutcome.BufferFull:
                OnBufferFull(send);
                break;
            case AppendOutcome.CallRefused:
                _server.Metrics.SendRefused();
                break;
        }
    }

    private void SendPost(OutboxItem.Post post)
    {
        // Whoever reads what was left may do so twice, before it is known that the session has it.
        if (post.Item.Ordinal > _session.CollectedThrough)
        {
            _session.CollectedThrough = post.Item.Ordinal;
            Send(post.ToSend());
        }
    }

    private void OnBufferFull(OutboxItem.Send send)
    {
        LogBufferFull(_connection.Id, _session.Buffer.Count, _session.Buffer.Length);

        if (_options.BufferOverflow == BufferOverflowPolicy.EndConnection && send.Request is null)
        {
            // Left to the session's actor: unless the client comes back at once and acknowledges, the session ends. An event that was accepted is
            // never left out while others follow.
            _connection.Outbox.PutBack([send]);
            EndBehindOutput(ChannelClose.PolicyViolation);

            return;
        }

        _server.Metrics.SendRefused();

        if (_options.BufferOverflow == BufferOverflowPolicy.EndConnection)
        {
            EndBehindOutput(ChannelClose.PolicyViolation);
        }
    }

    // Events are acknowledged by nothing but answers, so a client that only listens must be asked now and then (protocol page, D11).
    private void DrawAcknowledgement()
    {
        if (_acknowledgePing == 0
            && (_session.Buffer.Count > _options.AcknowledgePingMessages || _session.Buffer.Length > _options.AcknowledgePingBytes))
        {
            SendPing(request: null);
            _acknowledgePing = _session.LastMagnitude;
        }
    }

    private void EndOfAcknowledgePing(long magnitude)
    {
        if (_acknowledgePing != 0 && magnitude >= _acknowledgePing)
        {
            _acknowledgePing = 0;
        }
    }

    private void SendPing(PendingRequest? request)
    {
        if (_phase != Phase.Open)
        {
            return;
        }

        if (request is not null && _session.Pings.Count >= _options.MaxPendingCalls)
        {
            request.Fail(new InvalidOperationException($"{_session.Pings.Count} pings to this client wait for an answer already."));

            return;
        }

        long magnitude = _session.NextMagnitude();

        if (request is not null)
        {
            _session.Pings.Add(magnitude, request);
        }

        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        JstpMessageWriter.WritePing(scratch, -magnitude);
        WriteText(scratch.WrittenSpan);
        TextScratch.Return(scratch);
    }

    private void AnswerPing(long id)
    {
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        JstpMessageWriter.WritePong(scratch, id);
        WriteText(scratch.WrittenSpan);
        TextScratch.Return(scratch);
    }

    private void AnswerError(long callId, int code)
    {
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        JstpMessageWriter.WriteCallbackError(scratch, callId, code);
        WriteText(scratch.WrittenSpan);
        TextScratch.Return(scratch);
    }

    private void SendAnswer(OutboxItem.Answer answer)
    {
        if (answer.Ticket.Generation == _session.Generation)
        {
            _runningCalls--;
            ReadMore();
        }

        if (answer.Ticket.CallId is null)
        {
            return; // an event, which nobody answers
        }

        _session.OpenRequests.Settle(answer.Ticket.CallId.Value);

        if (answer.Ticket.Generation < _session.OldestAnswerableGeneration)
        {
            _server.Metrics.AnswerDropped();
        }
        else
        {
            WriteText(answer.Text.Span);
        }
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        if (!TryHold(text))
        {
            Transmit(text);
        }
    }

    private void Transmit(ReadOnlySpan<byte> text)
    {
        if (_isOutputBehind)
        {
            (_backlog ??= new Queue<byte[]>()).Enqueue(text.ToArray());
            _backlogLength += text.Length;
        }
        else
        {
            _channel.Write(text);
        }
    }

    private void FlushOutput()
    {
        if (_isOutputBehind)
        {
            if (_backlogLength + (_gate?.HeldLength ?? 0) > _options.MaxSendBacklog)
            {
                LogBacklogFull(_connection.Id, _backlogLength);
                Cut();
            }

            return;
        }

        if (_phase == Phase.Ended || _channel.UnflushedLength == 0)
        {
            return;
        }

        try
        {
            _isOutputBehind = !_channel.Flush(_onOutputTaken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            LogLost(_connection.Id, exception.Message);
            Cut();

            return;
        }

        if (_isOutputBehind)
        {
            Context.Timers.StartSingle(SendTimer, ConnectionMessage.SendTimedOut.Instance, _options.SendTimeout);
        }
    }

    private void OnOutputTaken() => Context.Self.TryTell(ConnectionMessage.OutputTaken.Instance);

    private void OnFlushCompleted()
    {
        Context.Timers.Cancel(SendTimer);
        _isOutputBehind = false;

        try
        {
            _channel.EndFlush();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            LogLost(_connection.Id, exception.Message);
            Cut();

            return;
        }

        WriteBacklog();
        FlushOutput();
        ReadMore();
    }

    private void WriteBacklog()
    {
        while (_backlog is { Count: > 0 })
        {
            Transmit(_backlog.Dequeue());
        }

        _backlogLength = 0;
    }
}
