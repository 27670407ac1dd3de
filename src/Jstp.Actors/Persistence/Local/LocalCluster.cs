namespace Jstp.Actors.Persistence.Local;

/// <summary>
/// The nodes of one process, for stores that no other process shares. A node lives until its membership is disposed, or until another joins under its
/// name. Thread-safe; calls nobody back under its lock.
/// </summary>
internal sealed class LocalCluster
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, LocalNode> _living = [];

    /// <summary>Adds a node. Numbers must rise.</summary>
    public LocalNode Join(int number, string name, DateTimeOffset joinedAt)
    {
        var node = new LocalNode(this, number, name, joinedAt);
        LocalNode? predecessor;

        lock (_lock)
        {
            predecessor = _living.Values.FirstOrDefault(living => living.Name == name);

            if (predecessor is not null)
            {
                _living.Remove(predecessor.Number);
            }

            _living.Add(number, node);
        }

        predecessor?.CutOff();
        return node;
    }

    public void Leave(LocalNode node)
    {
        lock (_lock)
        {
            _living.Remove(node.Number);
        }
    }

    public async ValueTask LeaveAllAsync()
    {
        foreach (LocalNode node in Snapshot())
        {
            await node.DisposeAsync();
        }
    }

    public bool IsAlive(int number)
    {
        lock (_lock)
        {
            return _living.ContainsKey(number);
        }
    }

    public IReadOnlyList<NodeInfo> GetNodes() => [.. Snapshot().Select(static node => node.Info)];

    /// <summary>Carries a message to the living among its addressees.</summary>
    public void Publish(int sender, int? addressee, ReadOnlyMemory<byte> text)
    {
        var message = new BusMessage(sender, text.ToArray());

        // Under the lock, so that all nodes hear the messages of one sender in the same order.
        lock (_lock)
        {
            if (!_living.ContainsKey(sender))
            {
                return;
            }

            foreach (LocalNode node in _living.Values)
            {
                if (addressee is null ? node.Number != sender : node.Number == addressee)
                {
                    node.Hear(message);
                }
            }
        }
    }

    private LocalNode[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _living.Values];
        }
    }
}
