using Jstp.Actors.Hosting;

namespace Jstp.Actors.Connections;

/// <summary>
/// What application code asked of a session and its holder has not taken yet, in order. It belongs to the session, not to an actor's mailbox, so that
/// the order holds when the session moves from one holder to another.
/// </summary>
internal sealed class Outbox
{
    private readonly Lock _gate = new();
    private List<OutboxItem>? _items;
    private int _sendCount; // of the messages among them
    private long _sendLength;
    private bool _isFull;

    /// <summary>Whether there is nothing to take. Exact only for items that the calling thread added.</summary>
    public bool IsEmpty => Volatile.Read(ref _items) is null;

    /// <summary>Adds an item.</summary>
    /// <returns>Whether it is the first one, so that the holder must be told; for further ones it has been told.</returns>
    public bool Add(OutboxItem item)
    {
        lock (_gate)
        {
            return AddLocked(item);
        }
    }

    /// <summary>
    /// Adds a message, unless as much waits as may be left unacknowledged. Then no more is added until <see cref="TakeOverflow"/>, or messages would come
    /// without one that was sent before them.
    /// </summary>
    /// <param name="send">The message.</param>
    /// <param name="options">The limits.</param>
    /// <param name="isFirst">Whether it is the first one that was added, or that was not.</param>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(OutboxItem.Send send, JstpServerOptions options, out bool isFirst)
    {
        lock (_gate)
        {
            if (!_isFull && _sendCount < options.MaxUnacknowledgedMessages && _sendLength < options.MaxUnacknowledgedBytes)
            {
                isFirst = AddLocked(send);

                return true;
            }

            isFirst = !_isFull;
            _isFull = true;

            return false;
        }
    }

    /// <summary>Leaves it to the next holder that messages were refused.</summary>
    public void NoteOverflow()
    {
        lock (_gate)
        {
            _isFull = true;
        }
    }

    /// <summary>Whether messages were refused since the last call.</summary>
    public bool TakeOverflow()
    {
        lock (_gate)
        {
            bool wasFull = _isFull;
            _isFull = false;

            return wasFull;
        }
    }

    /// <summary>Puts items back that were taken and not carried out: they go before what was added since. Nobody is told; another holder will look.</summary>
    public void PutBack(IEnumerable<OutboxItem> items)
    {
        lock (_gate)
        {
            _items = [.. items, .. _items ?? []];
            _sendCount = 0;
            _sendLength = 0;
            _items.ForEach(CountLocked);
        }
    }

    /// <summary>Takes all items, oldest first.</summary>
    public IReadOnlyList<OutboxItem> TakeAll()
    {
        lock (_gate)
        {
            IReadOnlyList<OutboxItem> items = _items ?? [];
            _items = null;
            _sendCount = 0;
            _sendLength = 0;

            return items;
        }
    }

    private bool AddLocked(OutboxItem item)
    {
        bool isFirst = _items is null;
        (_items ??= []).Add(item);
        CountLocked(item);

        return isFirst;
    }

    private void CountLocked(OutboxItem item)
    {
        if (item is OutboxItem.Send send)
        {
            _sendCount++;
            _sendLength += send.Tail.Length;
        }
    }
}
