using System.Buffers;
using Jstp.Actors.Applications;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Channels;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

// What a session store asks of a connection: changes are recorded at the end of each turn, and where the durability is strict, nothing that promises
// something to the client leaves before it is written, and nothing that was received is handled before. Whatever the durability, events that others have left
// in the store leave only once they are no more there for the next owner.
internal sealed partial class ConnectionActor
{
    private SessionTracker? _tracker; // null where a provider keeps the session
    private StoreGate? _gate; // what waits for the store; null unless the durability is strict, or while events that others have left wait
    private bool _recordsTurns; // else only those in which something waits
    private bool _isOpening = true; // in the turn of the handshake's answer
    private bool _isAwaitingCatchUp;
    private bool _isDeferred; // the call that was dispatched last goes on
    private Action? _end; // of the connection, which waits for the store
    private bool _endAwaitsInput; // whether it comes behind all that the client sent, or behind all that it was sent only
    private bool _isCloseNext;

    private bool MustWaitForStore => _gate is { IsFull: true } || (_isCloseNext && HasWaiting) || (_recordsTurns && MustCatchUp());

    private bool IsClosing => _end is not null && !_endAwaitsInput;

    private bool HasWaiting => _gate is { HasPostponed: true } or { HasHeld: true };

    private void StartRecording()
    {
        _tracker = _session.Tracker;
        _recordsTurns = _tracker is not null && _options.Durability != SessionDurability.OnDisconnect;

        if (_tracker is not null && _options.Durability == SessionDurability.Strict)
        {
            OpenGate(_tracker, isStrict: true); // the client must not even be told of a session that is not written
        }
    }

    private StoreGate OpenGate(SessionTracker tracker, bool isStrict)
    {
        Kernel.ActorRef<ConnectionMessage> self = Context.Self;
        tracker.SetListener(() => self.TryTell(ConnectionMessage.Committed.Instance));

        return _gate = new StoreGate(tracker, isStrict);
    }

    private bool TryHold(ReadOnlySpan<byte> text)
    {
        StoreGate? gate = _gate;

        if (gate is null && _tracker is { } tracker && tracker.HasUnsafePosts(_session))
        {
            gate = OpenGate(tracker, isStrict: false);
        }

        if (gate?.MustHold(_session) != true)
        {
            return false;
        }

        gate.Hold(text);

        return true;
    }

    private void RecordChanges()
    {
        if (_tracker is null || _phase != Phase.Open || !(_recordsTurns || _gate is not null))
        {
            return;
        }

        _tracker.Record(_session);

        if (_gate?.EndTurn() == true)
        {
            Context.Self.TryTell(ConnectionMessage.Committed.Instance);
        }
        else if (_isOpening && _gate is { IsStrict: false })
        {
            _server.Journal.Hurry(); // the client waits for the answer of its handshake
        }

        _isOpening = false;
    }

    private bool MustPostpone(JstpMessageKind kind) => _gate is { IsStrict: true } && (_gate.HasPostponed || IsCounted(kind));

    /// <summary>Counts a message and keeps it until its receipt is written.</summary>
    private void Postpone(in JstpMessage message)
    {
        var postponed = new StoreGate.Postponed(message.Text.ToArray(), message.Id, IsCounted(message.Kind), _session.ReceivedCount);

        if (postponed.IsCounted)
        {
            Count(message.Id);

            if (message.Kind is JstpMessageKind.Call or JstpMessageKind.Event)
            {
                _session.OpenRequests.Add(
                    new OpenRequest(message.Id, message.Kind == JstpMessageKind.Call, IsSafeToRepeat(message) ? postponed.Text : default));
            }
        }

        _gate!.Postpone(postponed);
    }

    private void OnCommitted()
    {
        if (_phase != Phase.Open || _tracker is null)
        {
            return;
        }

        while (_phase == Phase.Open && _gate is not null && _gate.TryRelease(out int heldCount))
        {
            for (; heldCount > 0; heldCount--)
            {
                Transmit(_gate.TakeHeld());
            }
        }

        if (_gate is { IsStrict: false, HasHeld: false })
        {
            _tracker.SetListener(null);
            _gate = null;
        }

        _isAwaitingCatchUp = false;
        HandlePostponed();
        TryEnd();
        ReadMore();
    }

    /// <summary>Handles what was postponed and may be handled now, under the same conditions as what is read.</summary>
    private void HandlePostponed()
    {
        while (_gate is { HasReceipted: true } && _phase == Phase.Open && !MustPauseHandling)
        {
            HandleLate(_gate.TakePostponed());

            if (_channel.UnflushedLength > MaxUnflushedLength)
            {
                FlushOutput();
            }
        }
    }

    // In a turn of its own, behind what others have asked for.
    private void AskForPostponed()
    {
        if (_gate is { HasReceipted: true } && !MustPauseHandling)
        {
            Context.Self.TryTell(ConnectionMessage.Committed.Instance);
        }
    }

    private bool MustLeaveClose(in ReadOnlySequence<byte> input)
    {
        _isCloseNext = HasWaiting && _channel.IsCloseNext(input);

        return _isCloseNext;
    }

    /// <summary>Ends the connection for what the client did, in order: behind what it had sent before.</summary>
    private void EndBehindInput(Action end) => EndLater(end, awaitsInput: true);

    /// <summary>Ends the connection behind what the client is to get before.</summary>
    private void EndBehindOutput(ChannelClose reason) => EndLater(() => End(reason), awaitsInput: false);

    private void EndLater(Action end, bool awaitsInput)
    {
        if (_end is null)
        {
            _end = end;
            _endAwaitsInput = awaitsInput;
        }

        TryEnd();
    }

    private void TryEnd()
    {
        if (_end is { } end && _gate is not { HasHeld: true } && (_gate is not { HasPostponed: true } || !_endAwaitsInput))
        {
            _end = null;
            end();
        }
    }

    /// <summary>Handles a message that is among the open requests.</summary>
    private void HandleLate(ReadOnlyMemory<byte> text)
    {
        _isDeferred = false;
        JstpMessageReader.Read(text, _server.ReaderOptions, out JstpMessage message); // it was accepted when it came
        Handle(message);

        if (message.Kind != JstpMessageKind.Call || !_isDeferred)
        {
            _session.OpenRequests.Settle(message.Id);
        }
    }

    // In the store's eyes a call that is over at once never was. One that goes on is owed an answer, whatever happens to this node.
    private void NoteIfDeferred(in JstpMessage message, JstpMethod method)
    {
        if (_isDeferred && _gate is not { IsStrict: true } && _tracker is not null)
        {
            _session.OpenRequests.Add(new OpenRequest(message.Id, IsCall: true, method.IsSafeToRepeat ? message.Text.ToArray() : default));
        }
    }

    private bool IsSafeToRepeat(in JstpMessage message) =>
        _connection.Application.TryGetInterface(message.TargetName, out JstpInterface? @interface)
        && (message.Kind == JstpMessageKind.Call
            ? @interface.TryGetMethod(message.Name, out JstpMethod? method)
            : @interface.TryGetEventHandler(message.Name, out method))
        && method.IsSafeToRepeat;

    private bool MustCatchUp()
    {
        if (!_server.Journal.IsBehind)
        {
            return false;
        }

        if (!_isAwaitingCatchUp)
        {
            Kernel.ActorRef<ConnectionMessage> self = Context.Self;
            _isAwaitingCatchUp = _server.Journal.TryAwaitCatchUp(() => self.TryTell(ConnectionMessage.Committed.Instance));
        }

        return _isAwaitingCatchUp;
    }

    private void StopRecording()
    {
        _tracker?.SetListener(null);
        _gate?.GiveBack(_session);
    }
}
