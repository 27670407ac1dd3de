using Jstp.Actors.Persistence;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Sessions;

// What the holder of the session does, at the end of its turns: the journal takes out what is recorded here.
internal sealed partial class SessionTracker
{
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

    // At every recording, and not only when the journal comes: what the client has should not grow old in memory.
    private int DropDeliveredLocked(long delivered) => _appended is null ? 0 : RemoveDelivered(_appended, delivered);

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

            if (transition == SessionTransition.Released)
            {
                _keptAnswers = session.Answers?.Write() ?? []; // in any case: what was left at an earlier release is out of date
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
