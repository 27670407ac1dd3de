using Jstp.Actors.Sessions;

namespace Jstp.Actors.Connections;

/// <summary>
/// What of one connection waits for the store: output that must not leave and, where the durability is strict, input that must not be handled before what was
/// recorded with it is written. Both go on in the order in which they came.
/// </summary>
/// <param name="tracker">The session's.</param>
/// <param name="isStrict">Whether everything that promises something waits, or only events that others have left in the store and what comes behind them.</param>
internal sealed class StoreGate(SessionTracker tracker, bool isStrict)
{
    private const int MaxPostponed = 1024;
    private const int MaxPostponedLength = 1024 * 1024;

    private readonly Queue<byte[]> _held = new(); // output
    private readonly Queue<Postponed> _postponed = new(); // input
    private readonly Queue<Seal> _seals = new(); // which part of both waits for which recording
    private int _receiptedCount; // how much of the input has waited long enough
    private int _unsealedHeld; // of this turn
    private int _unsealedPostponed;
    private int _postponedLength;
    private long _sequence = tracker.RecordedSequence; // the recording that output must wait for: at first the session itself

    public bool IsStrict => isStrict;

    /// <summary>Bytes of output that wait.</summary>
    public int HeldLength { get; private set; }

    public bool HasHeld => _held.Count > 0;

    public bool HasPostponed => _postponed.Count > 0;

    /// <summary>Whether input waits that may be handled now.</summary>
    public bool HasReceipted => _receiptedCount > 0;

    /// <summary>Whether so much input waits that no more should be read.</summary>
    public bool IsFull => _postponed.Count >= MaxPostponed || _postponedLength >= MaxPostponedLength;

    /// <summary>Whether output has to wait: for what is recorded, for what this turn will record, or behind other output.</summary>
    public bool MustHold(Session session) =>
        HasHeld
        || (isStrict ? tracker.CommittedSequence < _sequence || tracker.HasUnrecordedPromises(session) : tracker.HasUnsafePosts(session));

    /// <summary>Keeps output until what this turn records is written.</summary>
    public void Hold(ReadOnlySpan<byte> text)
    {
        _held.Enqueue(text.ToArray());
        HeldLength += text.Length;
        _unsealedHeld++;
    }

    /// <summary>Keeps input until what this turn records is written.</summary>
    public void Postpone(in Postponed message)
    {
        _postponed.Enqueue(message);
        _postponedLength += message.Text.Length;
        _unsealedPostponed++;
    }

    /// <summary>Ends a turn: what came in it waits for what is recorded by now.</summary>
    /// <returns>Whether that is written already, so that nobody else will say so.</returns>
    public bool EndTurn()
    {
        if (_unsealedHeld + _unsealedPostponed == 0)
        {
            return false;
        }

        var seal = new Seal(tracker.RecordedSequence, _unsealedHeld, _unsealedPostponed);
        _sequence = _unsealedHeld > 0 ? seal.Sequence : _sequence;
        _seals.Enqueue(seal);
        (_unsealedHeld, _unsealedPostponed) = (0, 0);

        return tracker.CommittedSequence >= seal.Sequence;
    }

    /// <summary>Releases what came in the oldest turn, if it has waited long enough: its input becomes receipted.</summary>
    /// <param name="heldCount">How many outputs are to be taken.</param>
    public bool TryRelease(out int heldCount)
    {
        if (!_seals.TryPeek(out Seal seal) || seal.Sequence > tracker.CommittedSequence)
        {
            heldCount = 0;

            return false;
        }

        _seals.Dequeue();
        _receiptedCount += seal.PostponedCount;
        heldCount = seal.HeldCount;

        return true;
    }

    /// <summary>Takes the oldest output, which was released.</summary>
    public byte[] TakeHeld()
    {
        byte[] text = _held.Dequeue();
        HeldLength -= text.Length;

        return text;
    }

    /// <summary>Takes the oldest input, which is receipted.</summary>
    public byte[] TakePostponed()
    {
        byte[] text = _postponed.Dequeue().Text;
        _receiptedCount--;
        _postponedLength -= text.Length;

        return text;
    }

    /// <summary>At the connection's end: what was not handled was not received. The client, which has no answer to it either, sends it again.</summary>
    public void GiveBack(Session session)
    {
        if (_postponed.FirstOrDefault(static message => message.IsCounted) is not { Text: not null } first)
        {
            return;
        }

        session.ReceivedCount = first.CountBefore;

        foreach (Postponed message in _postponed.Where(static message => message.IsCounted))
        {
            session.OpenRequests.Settle(message.Id);
        }
    }

    /// <summary>A message that waits until its receipt is written.</summary>
    /// <param name="Text">Its text.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="IsCounted">Whether it is of a kind that is counted.</param>
    /// <param name="CountBefore">The count before it came.</param>
    public readonly record struct Postponed(byte[] Text, long Id, bool IsCounted, long CountBefore);

    private readonly record struct Seal(long Sequence, int HeldCount, int PostponedCount);
}
