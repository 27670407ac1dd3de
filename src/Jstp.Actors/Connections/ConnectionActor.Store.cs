using System.Buffers;
using Jstp.Actors.Applications;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

// What a session store asks of a connection: changes are recorded at the end of each turn, and where the durability is strict, nothing that promises
// something to the client leaves before it is written, and nothing that was received is handled before. Whatever the durability, events that others have left
// in the store leave only once they are no more there for the next owner.
internal sealed partial class ConnectionActor
{
    private const int MaxPostponed = 1024;
    private const int MaxPostponedLength = 1024 * 1024;

    private readonly Queue<byte[]> _held = new(); // output that waits for the store
    private readonly Queue<Postponed> _postponed = new(); // input that waits for the store
    private readonly Queue<Seal> _seals = new(); // which part of both waits for which recording
    private SessionTracker? _tracker; // null where a provider keeps the session
    private bool _recordsTurns;
    private bool _isStrict;
    private bool _isListening; // to the tracker
    private bool _isOpening = true; // in the turn of the handshake's answer
    private bool _isAwaitingCatchUp;
    private bool _isDeferred; // the call that was dispatched last goes on
    private Action? _end; // of the connection, which waits for the store
    private bool _endAwaitsInput; // whether it comes behind all that the client sent, or behind all that it was sent only
    private bool _isCloseNext;
    private int _receiptedCount; // how much of the input has waited long enough
    private int _unsealedHeld; // of this turn
    private int _unsealedPostponed;
    private int _heldLength;
    private int _postponedLength;
    private long _gateSequence; // the recording that output must wait for

    private bool MustHold =>
        _tracker is { } tracker
        && (_held.Count > 0
            || (_isStrict
                ? tracker.CommittedSequence < _gateSequence || tracker.HasUnrecordedPromises(_session)
                : tracker.HasUnsafePosts(_session)));

    private bool MustWaitForStore =>
        _recordsTurns
        && (_postponed.Count >= MaxPostponed || _postponedLength >= MaxPostponedLength || (_isCloseNext && HasWaiting) || MustCatchUp());

    private bool IsClosing => _end is not null && !_endAwaitsInput;

    private bool HasWaiting => _postponed.Count > 0 || _held.Count > 0;

    private void StartRecording()
    {
        if (_session.Tracker is null)
        {
            return;
        }

        _tracker = _session.Tracker;
        _recordsTurns = _options.Durability != SessionDurability.OnDisconnect;
        _isStrict = _options.Durability == SessionDurability.Strict;

        if (_isStrict)
        {
            // The client must not be told of a session that is not written.
            _gateSequence = _tracker.RecordedSequence;
            Listen();
        }
    }

    private void Listen()
    {
        Kernel.ActorRef<ConnectionMessage> self = Context.Self;
        _tracker!.SetListener(() => self.TryTell(ConnectionMessage.Committed.Instance));
        _isListening = true;
    }

    private void RecordChanges()
    {
        if (_tracker is null || _phase != Phase.Open || !(_recordsTurns || _held.Count > 0))
        {
            return;
        }

        _tracker.Record(_session);

        if (_unsealedHeld + _unsealedPostponed > 0)
        {
            var seal = new Seal(_tracker.RecordedSequence, _unsealedHeld, _unsealedPostponed);
            _gateSequence = _unsealedHeld > 0 ? seal.Sequence : _gateSequence;
            _seals.Enqueue(seal);
            (_unsealedHeld, _unsealedPostponed) = (0, 0);

            if (_isOpening && !_isStrict)
            {
                _server.Journal.Hurry(); // the client waits for the answer of its handshake
            }

            if (_tracker.CommittedSequence >= seal.Sequence)
            {
                Context.Self.TryTell(ConnectionMessage.Committed.Instance); // it is written already, and nobody will say so again
            }
        }

        _isOpening = false;
    }

    private void Hold(ReadOnlySpan<byte> text)
    {
        if (!_isListening)
        {
            Listen();
        }

        _held.Enqueue(text.ToArray());
        _heldLength += text.Length;
        _unsealedHeld++;
    }

    private bool MustPostpone(JstpMessageKind kind) => _isStrict && (_postponed.Count > 0 || IsCounted(kind));

    /// <summary>Counts a message and keeps it until its receipt is written.</summary>
    private void Postpone(in JstpMessage message)
    {
        var postponed = new Postponed(message.Text.ToArray(), message.Id, IsCounted(message.Kind), _session.ReceivedCount);

        if (postponed.IsCounted)
        {
            Count(message.Id);

            if (message.Kind is JstpMessageKind.Call or JstpMessageKind.Event)
            {
                _session.OpenRequests.Add(
                    new OpenRequest(message.Id, message.Kind == JstpMessageKind.Call, IsSafeToRepeat(message) ? postponed.Text : default));
            }
        }

        _postponed.Enqueue(postponed);
        _postponedLength += postponed.Text.Length;
        _unsealedPostponed++;
    }

    private void OnCommitted()
    {
        if (_phase != Phase.Open || _tracker is null)
        {
            return;
        }

        while (_phase == Phase.Open && _seals.TryPeek(out Seal seal) && seal.Sequence <= _tracker.CommittedSequence)
        {
            _seals.Dequeue();
            _receiptedCount += seal.PostponedCount;
            Release(seal.HeldCount);
        }

        if (_isListening && !_isStrict && _held.Count == 0)
        {
            _tracker.SetListener(null);
            _isListening = false;
        }

        _isAwaitingCatchUp = false;
        HandlePostponed();
        TryEnd();
        ReadMore();
    }

    private void Release(int heldCount)
    {
        for (int i = 0; i < heldCount; i++)
        {
            byte[] text = _held.Dequeue();
            _heldLength -= text.Length;
            Transmit(text);
        }
    }

    /// <summary>Handles what was postponed and may be handled now, under the same conditions as what is read.</summary>
    private void HandlePostponed()
    {
        while (_receiptedCount > 0 && _phase == Phase.Open && !MustPauseHandling)
        {
            Postponed postponed = _postponed.Dequeue();
            _receiptedCount--;
            _postponedLength -= postponed.Text.Length;
            HandleLate(postponed.Text);

            if (_channel.UnflushedLength > MaxUnflushedLength)
            {
                FlushOutput();
            }
        }
    }

    // In a turn of its own, behind what others have asked for.
    private void AskForPostponed()
    {
        if (_receiptedCount > 0 && !MustPauseHandling)
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
        if (_end is { } end && _held.Count == 0 && (_postponed.Count == 0 || !_endAwaitsInput))
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
        if (_isDeferred && !_isStrict && _session.Tracker is not null)
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

        if (_postponed.FirstOrDefault(static postponed => postponed.IsCounted) is not { Text: not null } first)
        {
            return;
        }

        // What was not handled was not received: the client, which has no answer to it either, sends it again.
        _session.ReceivedCount = first.CountBefore;

        foreach (Postponed postponed in _postponed)
        {
            _session.OpenRequests.Settle(postponed.Id);
        }
    }

    private readonly record struct Postponed(byte[] Text, long Id, bool IsCounted, long CountBefore);

    private readonly record struct Seal(long Sequence, int HeldCount, int PostponedCount);
}
