using Jstp.Actors.Persistence;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Sessions;

/// <summary>
/// What has changed in one session and is not in the store yet. Whoever holds the session records into it at the end of a turn; the journal takes
/// everything out at once, whenever it writes. What both touch is behind a lock that is held for a few instructions.
/// </summary>
internal sealed class SessionTracker
{
    // Acknowledgements alone are not worth a write: a client says on every restore what it has.
    private const int MaxUnwrittenAcknowledgements = 256;

    private readonly Journal _journal;
    private readonly SessionData _data;
    private readonly Lock _gate = new();
    private List<TaskCompletionSource<bool>>? _waiters; // each for the whole of what is recorded so far; mostly there are none

    // Of the holder's turns.
    private SessionCounts _recordedCounts;
    private long _recordedDataVersion;
    private long _recordedCollected;
    private long _collectedSequence; // of the recording that has taken the last events that others left

    // Behind the gate: what the next change will hold.
    private SessionCreation? _creation;
    private List<OutgoingMessage>? _appended; // null for none
    private SessionCounts _counts;
    private bool _hasCounts;
    private IReadOnlyDictionary<string, MdsfValue>? _values; // as they were at the last recording: a turn that goes on changes them already
    private IReadOnlyList<OpenRequest>? _openRequests;
    private long _collectedThrough;
    private long _releasedThrough; // by all changes that were cut
    private SessionTransition _transition;
    private bool _isQueued;
    private Action? _onCommitted;
    private Action? _onLost;

    private long _recordedSequence;
    private long _committedSequence;
    private bool _isUnderWay; // a change was taken out, and its outcome is not known
    private bool _mustLose; // once it is
    private volatile bool _isLost;
    private volatile bool _isStored;

    /// <summary>Tracks a session that was just opened.</summary>
    public SessionTracker(Journal journal, long key, Session session, SessionCreation creation)
        : this(journal, key, epoch: 1, session)
    {
        _creation = creation;
        _hasCounts = true;
        _isStored = false;
    }

    /// <summary>Tracks a session that was read from the store.</summary>
    public SessionTracker(Journal journal, long key, long epoch, Session session)
    {
        _journal = journal;
        Key = key;
        Epoch = epoch;
        _data = session.Data;
        _recordedCounts = session.Counts;
        _counts = session.Counts;
        _releasedThrough = session.Counts.Delivered;
        _recordedDataVersion = _data.Version;
        _isStored = true;
    }

    public long Key { get; }

    public long Epoch { get; }

    /// <summary>What this node believes to own.</summary>
    public SessionClaim Claim => new(Key, Epoch);

    /// <summary>Whether the store has ever heard of the session.</summary>
    public bool IsStored => _isStored;

    /// <summary>Whether the session has another owner, or is gone: nothing of it can be written any more.</summary>
    public bool IsLost => _isLost;

    /// <summary>Rises with every recording. What was recorded with a number is safe once <see cref="CommittedSequence"/> has reached it.</summary>
    public long RecordedSequence => Volatile.Read(ref _recordedSequence);

    public long CommittedSequence => Volatile.Read(ref _committedSequence);

    /// <summary>Has the holder called whenever something was written, from the journal's turn; null for nobody.</summary>
    public void SetListener(Action? onCommitted)
    {
        lock (_gate)
        {
            _onCommitted = onCommitted;
        }
    }

    /// <summary>Has the session's actor called when the session is lost; from whatever thread finds out.</summary>
    public void SetLossListener(Action onLost)
    {
        bool isLost;

        lock (_gate)
        {
            _onLost = onLost;
            isLost = _isLost;
        }

        if (isLost)
        {
            onLost();
        }
    }

    /// <summary>Whether messages or values have changed since the last recording, that the client must not see before they are safe.</summary>
    public bool HasUnrecordedPromises(Session session) => session.Buffer.UnrecordedCount > 0 || _data.Version != _recordedDataVersion;

    /// <summary>
    /// Whether events that others have left are among the session's messages, and still in the store for whoever takes the session next: what the client gets
    /// of them now it would get again after the death of this node.
    /// </summary>
    public bool HasUnsafePosts(Session session) =>
        session.CollectedThrough != _recordedCollected || CommittedSequence < _collectedSequence;

    /// <summary>Takes over what has changed in the session. Called inside a turn of its holder.</summary>
    /// <param name="session">The session.</param>
    /// <param name="transition">What becomes of it besides.</param>
    public void Record(Session session, SessionTransition transition = SessionTransition.None) => Record(session, transition, waiter: null);

    /// <summary>Records a transition with all that goes before it, and waits until it is safe.</summary>
    /// <returns>False when the session is lost: what was not written before is not written.</returns>
    public Task<bool> WriteAsync(Session session, SessionTransition transition, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Record(session, transition, waiter);
        _journal.Hurry();

        return waiter.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes out what is to be written. Called by the journal, which has one write under way at a time.</summary>
    /// <returns>Null when there is nothing, as the client has acknowledged it all.</returns>
    public SessionChange? Cut(out long sequence)
    {
        lock (_gate)
        {
            _isQueued = false;
            sequence = _recordedSequence;
            List<OutgoingMessage>? appended = TakeAppendedLocked();

            if (_creation is null && !_hasCounts && _values is null && _openRequests is null && _collectedThrough == 0 && appended is null)
            {
                return null;
            }

            var change = new SessionChange
            {
                Key = Key,
                Epoch = Epoch,
                Creation = _creation,
                Counts = _hasCounts ? _counts : null,
                Appended = appended ?? [],
                ReleasedThrough = _hasCounts && _counts.Delivered > _releasedThrough ? _counts.Delivered : 0,
                Data = _values,
                OpenRequests = _openRequests,
                CollectedThrough = _collectedThrough,
                Transition = _transition,
            };
            _releasedThrough = Math.Max(_releasedThrough, change.ReleasedThrough);
            _creation = null;
            _hasCounts = false;
            _values = null;
            _openRequests = null;
            _collectedThrough = 0;
            _transition = SessionTransition.None;
            _isUnderWay = true;

            return change;
        }
    }

    /// <summary>Everything up to a sequence is safe now.</summary>
    public void OnWritten(long sequence)
    {
        Action? onCommitted;
        TaskCompletionSource<bool>[] waiters = [];
        bool mustLose;

        _isStored = true;

        lock (_gate)
        {
            _isUnderWay = false;
            mustLose = _mustLose;
            Volatile.Write(ref _committedSequence, sequence);
            onCommitted = _onCommitted;

            if (_waiters is not null && sequence == _recordedSequence)
            {
                waiters = [.. _waiters];
                _waiters = null;
            }
        }

        onCommitted?.Invoke();
        Array.ForEach(waiters, static waiter => waiter.TrySetResult(true));

        if (mustLose)
        {
            Lose();
        }
    }

    /// <summary>The store has refused a change: the session has another owner, or is gone.</summary>
    public void OnRefused(SessionChange change)
    {
        lock (_gate)
        {
            _isUnderWay = false;
            _appended = [.. change.Appended, .. _appended ?? []];
        }

        Lose();
    }

    /// <summary>The session has another owner, or is gone.</summary>
    public void Lose()
    {
        TaskCompletionSource<bool>[] waiters;
        Action? onLost;

        lock (_gate)
        {
            if (_isUnderWay)
            {
                _mustLose = true; // what is refused then was not written, and belongs to what is left for the new owner

                return;
            }

            _isLost = true;
            waiters = [.. _waiters ?? []];
            _waiters = null;
            onLost = _onLost;
        }

        onLost?.Invoke();

        Array.ForEach(waiters, static waiter => waiter.TrySetResult(false));
    }

    /// <summary>The messages of a lost session that were never written, oldest first.</summary>
    public IReadOnlyList<OutgoingMessage> TakeUnwritten()
    {
        lock (_gate)
        {
            List<OutgoingMessage> unwritten = _appended ?? [];
            _appended = null;

            return unwritten;
        }
    }

    /// <returns>Null when the client has acknowledged all of them.</returns>
    private List<OutgoingMessage>? TakeAppendedLocked()
    {
        if (_appended is not { } appended)
        {
            return null;
        }

        _appended = null;
        _journal.AddPending(-appended.Count);
        RemoveDelivered(appended, _counts.Delivered);

        return appended.Count > 0 ? appended : null;
    }

    // At every recording, and not only when the journal comes: what the client has should not grow old in memory.
    private int DropDeliveredLocked(long delivered) => _appended is null ? 0 : RemoveDelivered(_appended, delivered);

    private static int RemoveDelivered(List<OutgoingMessage> messages, long delivered)
    {
        int count = 0;

        while (count < messages.Count && messages[count].Magnitude <= delivered)
        {
            count++;
        }

        messages.RemoveRange(0, count);

        return count;
    }

    private void Record(Session session, SessionTransition transition, TaskCompletionSource<bool>? waiter)
    {
        SessionCounts counts = session.Counts;
        long dataVersion = _recordedDataVersion;
        IReadOnlyDictionary<string, MdsfValue>? values = _data.Version == dataVersion ? null : _data.Export(out dataVersion);
        bool countsMoved = transition != SessionTransition.None
            || counts.Received != _recordedCounts.Received
            || counts.Delivered - _recordedCounts.Delivered >= MaxUnwrittenAcknowledgements;
        bool collected = session.CollectedThrough != _recordedCollected;

        if (!countsMoved && values is null && !collected && session.Buffer.UnrecordedCount == 0 && !session.OpenRequests.IsChanged)
        {
            return;
        }

        bool isFirst;
        int appended = session.Buffer.UnrecordedCount;
        int dropped;

        lock (_gate)
        {
            if (_isLost)
            {
                waiter?.SetResult(false);

                return;
            }

            dropped = DropDeliveredLocked(counts.Delivered);

            if (appended > 0)
            {
                session.Buffer.Record(_appended ??= new List<OutgoingMessage>(appended));
            }

            _counts = counts;
            _hasCounts |= countsMoved;
            _values = values ?? _values;
            _collectedThrough = collected ? session.CollectedThrough : _collectedThrough;

            if (session.OpenRequests.IsChanged)
            {
                _openRequests = session.OpenRequests.Record();
            }

            if (transition != SessionTransition.None)
            {
                _transition = transition;
            }

            if (waiter is not null)
            {
                (_waiters ??= []).Add(waiter);
            }

            _recordedSequence++;
            isFirst = !_isQueued;
            _isQueued = true;
        }

        _recordedDataVersion = dataVersion;
        _collectedSequence = collected ? RecordedSequence : _collectedSequence;
        _recordedCollected = session.CollectedThrough;
        _recordedCounts = countsMoved ? counts : _recordedCounts;

        if (appended != dropped)
        {
            _journal.AddPending(appended - dropped);
        }

        if (isFirst)
        {
            _journal.Enqueue(this);
        }
    }
}
