namespace Jstp.Actors.Kernel.Internal;

/// <summary>
/// One timer of one actor, and the node under which it fires. Because it is the node, at most one of its messages waits:
/// ticks that an actor has no time for are skipped, not piled up, and a tick allocates nothing.
/// </summary>
internal sealed class TimerMessage<TMessage>(ActorCell<TMessage> cell, object key, TMessage message, bool isPeriodic) : MailboxNode
{
    private ITimer? _timer;
    private bool _cancelled; // owner only
    private bool _queued; // set by whoever fires, cleared by the owner who took the node

    internal object Key => key;

    internal TMessage Message => message;

    internal bool IsPeriodic => isPeriodic;

    internal override string Description => (message?.GetType() ?? typeof(TMessage)).Name;

    internal void Start(TimeSpan dueTime, TimeSpan period) =>
        _timer = cell.System.CreateTimer(static timer => ((TimerMessage<TMessage>)timer!).Fire(), this, dueTime, period);

    /// <summary>Owner only.</summary>
    internal void Cancel()
    {
        _cancelled = true; // the node may be in the mailbox already
        _timer?.Dispose();
    }

    /// <summary>Owner only, for a node that was just taken: whether its message is still wanted.</summary>
    internal bool TryClaim()
    {
        Volatile.Write(ref _queued, false);
        return !_cancelled;
    }

    private void Fire()
    {
        if (!Interlocked.Exchange(ref _queued, true))
        {
            cell.Post(this);
        }
    }
}
