namespace Jstp.Actors.Connections;

/// <summary>
/// What application code asked of a session and its holder has not taken yet, in order. It belongs to the session, not to an actor's mailbox, so that
/// the order holds when the session moves from one holder to another.
/// </summary>
internal sealed class Outbox
{
    private readonly Lock _gate = new();
    private List<OutboxItem>? _items;

    /// <summary>Whether there is nothing to take. Exact only for items that the calling thread added.</summary>
    public bool IsEmpty => Volatile.Read(ref _items) is null;

    /// <summary>Adds an item.</summary>
    /// <returns>Whether it is the first one, so that the holder must be told; for further ones it has been told.</returns>
    public bool Add(OutboxItem item)
    {
        lock (_gate)
        {
            if (_items is not null)
            {
                _items.Add(item);

                return false;
            }

            _items = [item];

            return true;
        }
    }

    /// <summary>Puts items back that were taken and not carried out: they go before what was added since. Nobody is told; another holder will look.</summary>
    public void PutBack(IEnumerable<OutboxItem> items)
    {
        lock (_gate)
        {
            _items = [.. items, .. _items ?? []];
        }
    }

    /// <summary>Takes all items, oldest first.</summary>
    public IReadOnlyList<OutboxItem> TakeAll()
    {
        lock (_gate)
        {
            IReadOnlyList<OutboxItem> items = _items ?? [];
            _items = null;

            return items;
        }
    }
}
