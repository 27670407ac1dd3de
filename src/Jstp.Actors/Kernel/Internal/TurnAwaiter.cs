namespace Jstp.Actors.Kernel.Internal;

/// <summary>Holds the turn that an actor awaits. Made once, for actors that ever await, so that awaiting allocates nothing further.</summary>
internal sealed class TurnAwaiter(Action resume)
{
    private ValueTask _turn;
    private MailboxNode? _node;

    /// <summary>
    /// Has the actor resumed when <paramref name="turn"/> completes, perhaps before this method returns: the caller must not touch the actor afterwards.
    /// </summary>
    internal void Await(ValueTask turn, MailboxNode? node)
    {
        _turn = turn;
        _node = node;

        // The actor resumes wherever the turn completes, so a caller's synchronization context must not be captured.
        turn.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(resume);
    }

    /// <summary>The turn that was awaited, now completed, and its message; a completed turn when none was.</summary>
    internal ValueTask Take(out MailboxNode? node)
    {
        ValueTask turn = _turn;
        node = _node;
        _turn = default;
        _node = null;
        return turn;
    }
}
