namespace Jstp.Actors.Sessions;

/// <summary>Which sessions have something to write. Any holder of a session adds to it; <see cref="JournalActor"/> takes from it. Thread-safe.</summary>
internal sealed class Journal
{
    private const int MaxPending = 200_000;

    private readonly Lock _gate = new();
    private List<SessionTracker> _dirty = [];
    private List<Action> _paused = [];
    private Action<JournalMessage>? _notify;
    private bool _isHeldUp;
    private int _pending; // messages that wait to be written
    private volatile bool _isBehind;
    private volatile bool _isFailing;

    /// <summary>Whether the last write has failed, and is tried again.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Whether so much waits to be written, or the store has failed where nothing may go on without it, that no more should be received.</summary>
    public bool IsBehind => _isBehind;

    /// <summary>How many sessions have something to write.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _dirty.Count;
            }
        }
    }

    /// <summary>Sets whom to tell when there is something to write. Who is told at once if there is already.</summary>
    public void SetWriter(Action<JournalMessage> notify)
    {
        bool isLate;

        lock (_gate)
        {
            _notify = notify;
            isLate = _dirty.Count > 0;
        }

        if (isLate)
        {
            notify(JournalMessage.Due.Instance); // somebody may have been in a hurry, and told nobody
        }
    }

    /// <summary>Adds a session. It must not be in the list already.</summary>
    public void Enqueue(SessionTracker tracker)
    {
        bool isFirst;

        lock (_gate)
        {
            isFirst = _dirty.Count == 0;
            _dirty.Add(tracker);
        }

        if (isFirst)
        {
            _notify?.Invoke(JournalMessage.Changed.Instance);
        }
    }

    /// <summary>Has everything written that is there, as somebody waits for it.</summary>
    public void Hurry() => _notify?.Invoke(JournalMessage.Due.Instance);

    /// <summary>The store can be reached again: what had failed is tried now.</summary>
    public void Retry() => _notify?.Invoke(JournalMessage.RetryDue.Instance);

    /// <summary>Takes sessions out, those that have waited longest.</summary>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<SessionTracker> Take(int limit)
    {
        lock (_gate)
        {
            if (_dirty.Count <= limit)
            {
                List<SessionTracker> all = _dirty;
                _dirty = [];

                return all;
            }

            List<SessionTracker> first = _dirty.GetRange(0, limit);
            _dirty.RemoveRange(0, limit);

            return first;
        }
    }

    /// <summary>Notes that messages wait, or wait no more.</summary>
    public void AddPending(int count)
    {
        int pending = Interlocked.Add(ref _pending, count);

        if (pending > MaxPending != _isBehind)
        {
            Look();
        }
    }

    /// <summary>Says whether the store fails.</summary>
    /// <param name="isFailing">Whether it does.</param>
    /// <param name="holdsUp">Whether nothing may be received meanwhile.</param>
    public void SetFailing(bool isFailing, bool holdsUp)
    {
        lock (_gate)
        {
            _isFailing = isFailing;
            _isHeldUp = isFailing && holdsUp;
        }

        Look();
    }

    /// <summary>Has the caller told once when the journal is not behind any more.</summary>
    /// <returns>False if it is not now; then nobody is told.</returns>
    public bool TryAwaitCatchUp(Action resume)
    {
        lock (_gate)
        {
            if (_isBehind)
            {
                _paused.Add(resume);
            }

            return _isBehind;
        }
    }

    private void Look()
    {
        List<Action> paused = [];

        lock (_gate)
        {
            _isBehind = _isHeldUp || Volatile.Read(ref _pending) > MaxPending;

            if (!_isBehind)
            {
                (paused, _paused) = (_paused, []);
            }
        }

        paused.ForEach(static resume => resume());
    }
}
