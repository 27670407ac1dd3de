using Jstp.Actors.Persistence;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Sessions;

/// <summary>
/// What has changed in one session and is not in the store yet. Whoever holds the session records into it at the end of a turn; the journal takes
/// everything out at once, whenever it writes. What both touch is behind a lock that is held for a few instructions.
/// </summary>
internal sealed partial class SessionTracker
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
    private byte[]? _keptAnswers;
    private long _collectedThrough;
    private long _releasedThrough; // by all changes that were cut
    private SessionTransition _transition;
    private bool _isQueued;
    private Action? _onCommitted;
    private Action? _onLost;
    private Action? _onSettled; // called once, as soon as no change is under way

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

    /// <summary>Whether no write of the session has begun yet, so that no other node can have it.</summary>
    public bool IsUnknownToStore
    {
        get
        {
            lock (_gate)
            {
                return _creation is not null;
            }
        }
    }

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

    /// <summary>Has somebody called, once, as soon as no change is under way whose outcome is not known; from whatever thread.</summary>
    public void CallOnceSettled(Action onSettled)
    {
        lock (_gate)
        {
            if (_isUnderWay)
            {
                _onSettled += onSettled;

                return;
            }
        }

        onSettled();
    }

    /// <summary>
    /// Whether events that others have left are among the session's messages, and still in the store for whoever takes the session next: what the client gets
    /// of them now it would get again after the death of this node.
    /// </summary>
    public bool HasUnsafePosts(Session session) =>
        session.CollectedThrough != _recordedCollected || CommittedSequence < _collectedSequence;

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
                KeptAnswers = _keptAnswers,
                CollectedThrough = _collectedThrough,
                Transition = _transition,
            };
            _releasedThrough = Math.Max(_releasedThrough, change.ReleasedThrough);
            _creation = null;
            _hasCounts = false;
            _values = null;
            _openRequests = null;
            _keptAnswers = null;
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
        Action? onSettled;
        TaskCompletionSource<bool>[] waiters = [];
        bool mustLose;

        _isStored = true;

        lock (_gate)
        {
            onSettled = SettleLocked();
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

        onSettled?.Invoke();
    }

    /// <summary>The store has refused a change: the session has another owner, or is gone.</summary>
    public void OnRefused(SessionChange change)
    {
        Action? onSettled;

        lock (_gate)
        {
            onSettled = SettleLocked();
            _appended = [.. change.Appended, .. _appended ?? []];
        }

        Lose();
        onSettled?.Invoke();
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

    /// <returns>Whom to call.</returns>
    private Action? SettleLocked()
    {
        _isUnderWay = false;
        Action? onSettled = _onSettled;
        _onSettled = null;

        return onSettled;
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
}
