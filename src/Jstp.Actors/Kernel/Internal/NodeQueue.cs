namespace Jstp.Actors.Kernel.Internal;

/// <summary>A first-in first-out list of nodes, linked through <see cref="MailboxNode.Next"/>. One thread at a time.</summary>
internal struct NodeQueue
{
    private MailboxNode? _first;
    private MailboxNode? _last; // meaningless while _first is null

    internal readonly bool IsEmpty => _first is null;

    /// <summary>Puts a chain of nodes, linked from <paramref name="first"/> to <paramref name="last"/>, behind those that wait.</summary>
    internal void Append(MailboxNode first, MailboxNode last)
    {
        last.Next = null;

        if (_first is null)
        {
            _first = first;
        }
        else
        {
            _last!.Next = first;
        }

        _last = last;
    }

    internal MailboxNode? Take()
    {
        MailboxNode? node = _first;

        if (node is not null)
        {
            _first = node.Next;
            node.Next = null;

            if (_first is null)
            {
                _last = null; // a node that was handled must not stay reachable
            }
        }

        return node;
    }
}
