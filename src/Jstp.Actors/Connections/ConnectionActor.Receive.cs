using System.Buffers;
using System.IO.Pipelines;
using Jstp.Actors.Applications;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Actors.Sessions;
using Jstp.Transport.Channels;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

// What the client sends (protocol page, section 4).
internal sealed partial class ConnectionActor
{
    private bool _isReading; // from the start of a read until its input was given back; the transport allows one at a time

    private bool _hasInput; // while the channel's input is being handled

    private bool MustPause => _phase != Phase.Open || MustPauseHandling || _end is not null || MustWaitForStore;

    private bool MustPauseHandling => _isOutputBehind || _runningCalls >= _options.MaxRunningCalls || IsClosing;

    /// <summary>Reads on, unless a read is pending or there is a reason to wait.</summary>
    private void ReadMore()
    {
        AskForPostponed();

        if (_isReading || MustPause)
        {
            return;
        }

        _isReading = true;

        if (_channel.BeginRead())
        {
            // Through the mailbox, so that a client that never stops sending leaves room for what others have to say.
            Context.Self.Tell(ConnectionMessage.InputReady.Instance);
        }
    }

    private void OnInput()
    {
        ReadResult result;

        try
        {
            result = _channel.TakeInput();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            LogLost(_connection.Id, exception.Message);
            _isReading = false;
            EndBehindInput(Cut);

            return;
        }

        _keepAlive.OnReceived(Context.TimeProvider.GetTimestamp());
        _hasInput = true;
        HandleInput(result);
        _hasInput = false;
        _isReading = false;

        if (_phase == Phase.Ended)
        {
            EndChannel();
        }
        else
        {
            if (result.IsCompleted && !MustPause)
            {
                EndBehindInput(() => End(ChannelClose.Normal)); // the client ended the transport without a close
            }
            else
            {
                FlushOutput(); // before the next read, which may find more input at once
                ReadMore();
            }
        }
    }

    private void HandleInput(ReadResult result)
    {
        ReadOnlySequence<byte> input = result.Buffer;
        ChannelEventKind kind = ChannelEventKind.Message;

        while (!MustPause && kind == ChannelEventKind.Message && !MustLeaveClose(input))
        {
            ChannelEvent received = _channel.Read(ref input);
            kind = received.Kind;

            if (kind == ChannelEventKind.Message)
            {
                HandleText(received.Text);
            }

            // Small calls may draw large answers: a client that does not take them must not have them all written at once.
            if (_channel.UnflushedLength > MaxUnflushedLength)
            {
                FlushOutput();
            }
        }

        // What nobody has looked at yet, because of a pause or the end, must be found by the next read: it does not count as examined.
        _channel.Advance(input.Start, kind == ChannelEventKind.None ? result.Buffer.End : input.Start);

        if (kind is ChannelEventKind.Closed or ChannelEventKind.Failed)
        {
            if (kind == ChannelEventKind.Failed)
            {
                LogTransportFailure(_connection.Id);
                _server.OnConnectionFailed(_connection, "It broke a rule or a limit of its transport.");
                CountFault();
            }

            EndBehindInput(() => End(ChannelClose.Normal));
        }
    }

    private void HandleText(ReadOnlyMemory<byte> text)
    {
        JstpMessageResult result = JstpMessageReader.Read(text, _server.ReaderOptions, out JstpMessage message);

        if (!result.IsOk)
        {
            EndForFault(result, text);

            return;
        }

        if (MustPostpone(message.Kind))
        {
            Postpone(message);

            return;
        }

        if (IsCounted(message.Kind))
        {
            Count(message.Id);
        }

        Handle(message);
    }

    private static bool IsCounted(JstpMessageKind kind) =>
        kind is JstpMessageKind.Call or JstpMessageKind.Event or JstpMessageKind.Inspect or JstpMessageKind.Ping;

    private void Handle(in JstpMessage message)
    {
        switch (message.Kind)
        {
            case JstpMessageKind.Call:
                HandleCall(message);
                break;
            case JstpMessageKind.Callback:
                HandleCallback(message);
                break;
            case JstpMessageKind.Event:
                HandleEvent(message);
                break;
            case JstpMessageKind.Inspect:
                HandleInspect(message);
                break;
            case JstpMessageKind.Ping:
                AnswerPing(message.Id);
                break;
            case JstpMessageKind.Pong:
                HandlePong(message);
                break;
            case JstpMessageKind.Handshake:
                LogSecondHandshake(_connection.Id);
                _server.OnConnectionFailed(_connection, "It sent a second handshake.");
                EndBehindOutput(ChannelClose.ProtocolViolation);
                break;
            case JstpMessageKind.Heartbeat or JstpMessageKind.Unknown:
                break;
        }
    }

    private void Count(long id)
    {
        long magnitude = Math.Abs(id);

        // A reference client that reconnected uses its first ids again; what still runs under them must not answer the new requests
        // (protocol page, 10.6, rule 3).
        if (magnitude <= _receivedCountAtOpen && _admission.RestoredCount is not null)
        {
            _session.DiscardEarlierAnswers();
            _hasClientRestarted = true;
        }

        _session.ReceivedCount = magnitude;
        _session.FruitlessConnections = 0;
    }

    private void HandleCall(in JstpMessage message)
    {
        // In this order: protocol page, section 6.
        if (!message.HasArguments)
        {
            AnswerError(message.Id, JstpErrorCode.InvalidSignature);
        }
        else if (!_connection.Application.TryGetInterface(message.TargetName, out JstpInterface? @interface))
        {
            AnswerError(message.Id, JstpErrorCode.InterfaceNotFound);
        }
        else if (!@interface.TryGetMethod(message.Name, out JstpMethod? method))
        {
            AnswerError(message.Id, JstpErrorCode.MethodNotFound);
        }
        else if (!method.Accepts(message.ArgumentCount))
        {
            AnswerError(message.Id, JstpErrorCode.InvalidSignature);
        }
        else
        {
            _server.Metrics.CallReceived();
            _isDeferred = false;
            CallFrame.RunCall(this, _connection, @interface.Name, method, message.Id, message.Value, _options.MaxMessageSize);
            NoteIfDeferred(message, method);
        }
    }

    private void HandleEvent(in JstpMessage message)
    {
        if (message.HasArguments
            && _connection.Application.TryGetInterface(message.TargetName, out JstpInterface? @interface)
            && @interface.TryGetEventHandler(message.Name, out JstpMethod? handler))
        {
            CallFrame.RunEvent(this, _connection, @interface.Name, handler, message.Value);
        }
    }

    private void HandleInspect(in JstpMessage message)
    {
        if (!_connection.Application.TryGetInterface(message.TargetName, out JstpInterface? @interface))
        {
            AnswerError(message.Id, JstpErrorCode.InterfaceNotFound);

            return;
        }

        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        JstpMessageWriter.WriteMethodNames(scratch, message.Id, @interface.MethodNames);
        WriteText(scratch.WrittenSpan);
        TextScratch.Return(scratch);
    }

    private void HandleCallback(in JstpMessage message)
    {
        if (Acknowledge(message.Id) is { } request)
        {
            JstpAnswers.Complete(request, message, _server.ReaderOptions);
        }
    }

    private void HandlePong(in JstpMessage message)
    {
        long magnitude = _session.Acknowledge(message.Id);
        _session.Pings.Take(magnitude)?.Complete([]);
        EndOfAcknowledgePing(magnitude);
        SettleAfter(magnitude);
    }

    private PendingRequest? Acknowledge(long id)
    {
        long magnitude = _session.Acknowledge(id);
        EndOfAcknowledgePing(magnitude);

        return _session.Requests.Take(magnitude);
    }

    private void EndForFault(in JstpMessageResult result, ReadOnlyMemory<byte> text)
    {
        CountFault();
        _server.OnConnectionFailed(_connection, $"It sent a message that is {result.Status} at byte {result.Offset}: {result.Detail}");
        LogFault(_connection.Id, SessionId.ForLog(_session.Id), result.Status, result.Offset, result.Detail ?? "", LogText.Excerpt(text.Span, LogText.BriefLength));
        ChannelClose reason = result.Status == JstpMessageStatus.BadText ? ChannelClose.BadText : ChannelClose.ProtocolViolation;
        EndBehindInput(() => End(reason));
    }

    // A client sends its buffered messages again after every restore: one that cannot be read would end its connections for ever (protocol page, D23).
    private void CountFault()
    {
        if (_session.ReceivedCount == _receivedCountAtOpen)
        {
            _session.FruitlessConnections++;
        }
    }
}
