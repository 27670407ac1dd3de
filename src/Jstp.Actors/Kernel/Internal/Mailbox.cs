using System.Diagnostics;

namespace Jstp.Actors.Kernel.Internal;

/// <summary>
/// The queue of one actor and, in the same word, the right to be in the actor. Many threads push; the one that holds the
/// actor (its owner) takes. System messages come before all others.
/// </summary>
/// <remarks>
/// <para>
/// <c>_head</c> is a stack of what was pushed since the owner last looked, newest on top:
/// <see langword="null"/> when the actor is idle (nobody in it, nothing pushed); <see cref="Occupied"/>, or nodes on top of it,
/// while it has an owner; <see cref="ClosedMark"/> once it has stopped. The owner takes the whole stack with one exchange and turns it over
/// into the two queues, which only owners touch.
/// </para>
/// <para>
/// Why no wake-up is lost: a scheduler with a queue and a separate "running" flag (Kestrel's IOQueue, for one) must put a full
/// barrier between clearing the flag and looking at the queue once more, or a producer and the consumer each miss what the other
/// just wrote. Here emptiness and idleness are one word. <see cref="TryLeave"/> swaps "occupied and nothing pushed" for "idle" in one
/// compare-and-exchange; a push is a compare-and-exchange on the same word and so comes either before it, and the owner
/// fails to leave, or after it, and the pusher finds the actor idle and becomes its owner.
/// </para>
/// <para>
/// Interlocked operations are full barriers: what the last owner wrote to the actor's state before leaving is visible to
/// the next owner, and what a sender wrote before pushing is visible to the turn that takes the node.
/// The stack needs no tags against reuse of nodes (ABA): pushes only ever add on top, and the owner takes everything.
/// </para>
/// </remarks>
internal struct Mailbox
{
    private static readonly MailboxNode Occupied = new Mark();
    private static readonly MailboxNode ClosedMark = new Mark();

    private MailboxNode? _head;
    private NodeQueue _system;
    private NodeQueue _user;
    private volatile bool _signalled; // a hint that a system message lies on the stack

    /// <summary>Makes a mailbox that is occupied from the start, by whoever makes it, with one message in it.</summary>
    internal Mailbox(SystemMessage first)
    {
        _head = Occupied;
        _system.Append(first, first);
    }

    /// <summary>Whether nobody is in the actor and nothing was pushed. Stale at once, unless the caller knows better.</summary>
    internal bool IsIdle => Volatile.Read(ref _head) is null;

    /// <summary>Whether nothing can be pushed any more. The owner may still be busy with the end.</summary>
    internal bool IsClosed => Volatile.Read(ref _head) == ClosedMark;

    /// <summary>Owner only: whether messages wait that an earlier owner already took from the stack.</summary>
    internal readonly bool HasBacklog => !_user.IsEmpty || !_system.IsEmpty;

    internal PushResult Push(MailboxNode node)
    {
        MailboxNode? head = Volatile.Read(ref _head);

        while (head != ClosedMark)
        {
            node.Next = head ?? Occupied;
            MailboxNode? seen = Interlocked.CompareExchange(ref _head, node, head);

            if (seen == head)
            {
                return head is null ? PushResult.Acquired : PushResult.Queued;
            }

            head = seen;
        }

        node.Next = null;
        return PushResult.Closed;
    }

    internal PushResult PushSystem(SystemMessage node)
    {
        PushResult result = Push(node);

        // After the push, so that whoever sees the hint finds the message. Seen late or never it only costs the priority:
        // the message lies on the stack, and no owner leaves before it took the stack.
        _signalled = true;
        return result;
    }

    /// <summary>Makes the caller the owner if the actor is idle.</summary>
    internal bool TryEnter() => Interlocked.CompareExchange(ref _head, Occupied, null) is null;

    /// <summary>Owner only: gives the actor up, unless something was pushed.</summary>
    internal bool TryLeave() => Interlocked.CompareExchange(ref _head, null, Occupied) == Occupied;

    /// <summary>Owner only: queues a message behind everything that was taken from the stack so far.</summary>
    internal void Append(MailboxNode node) => _user.Append(node, node);

    /// <summary>
    /// Owner only: the next message, or <see langword="null"/> when there seems to be none; <see cref="TryLeave"/> tells
    /// for certain.
    /// </summary>
    internal MailboxNode? Take(bool systemOnly)
    {
        if (_signalled || (_user.IsEmpty && _system.IsEmpty))
        {
            Collect();
        }

        return _system.Take() ?? (systemOnly ? null : _user.Take());
    }

    /// <summary>Owner only: takes the stack and turns it over into the queues.</summary>
    internal void Collect()
    {
        if (Volatile.Read(ref _head) == Occupied)
        {
            return;
        }

        _signalled = false; // before the exchange: a hint that comes later is for a later look
        MailboxNode? node = Interlocked.Exchange(ref _head, Occupied);
        Debug.Assert(node is not null && node != ClosedMark, "Only an owner may collect.");
        Sort(node);
    }

    /// <summary>
    /// Owner only: closes the mailbox for good, so that every later push is refused. What waits can still be taken.
    /// </summary>
    internal void Close()
    {
        MailboxNode? node = Interlocked.Exchange(ref _head, ClosedMark);
        Debug.Assert(node is not null && node != ClosedMark, "Only an owner may close.");
        Sort(node);
    }

    /// <summary>After <see cref="Close"/>: what was left.</summary>
    internal MailboxNode? TakeRest() => _system.Take() ?? _user.Take();

    private void Sort(MailboxNode newest)
    {
        NodeChain system = default;
        NodeChain user = default;

        for (MailboxNode node = newest; node != Occupied;)
        {
            MailboxNode older = node.Next!;

            if (node is SystemMessage)
            {
                system.Prepend(node);
            }
            else
            {
                user.Prepend(node);
            }

            node = older;
        }

        system.MoveTo(ref _system);
        user.MoveTo(ref _user);
    }

    /// <summary>A chain under construction, from its end to its beginning.</summary>
    private struct NodeChain
    {
        private MailboxNode? _first;
        private MailboxNode? _last;

        internal void Prepend(MailboxNode node)
        {
            node.Next = _first;
            _first = node;
            _last ??= node;
        }

        internal readonly void MoveTo(ref NodeQueue queue)
        {
            if (_first is not null)
            {
                queue.Append(_first, _last!);
            }
        }
    }

    private sealed class Mark : MailboxNode;
}
