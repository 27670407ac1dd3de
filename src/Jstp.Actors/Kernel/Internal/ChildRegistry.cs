namespace Jstp.Actors.Kernel.Internal;

/// <summary>
/// The living children of one actor, by name. A lock guards it, as children leave on their own threads and top-level actors
/// are made on any thread.
/// </summary>
internal sealed class ChildRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _children = new(StringComparer.Ordinal);
    private long _created;
    private bool _closed;

    private readonly record struct Entry(ActorCell Child, long Number);

    /// <summary>Failures of children that were handed on to the parent's parent. Touched in the parent's turns only.</summary>
    internal List<ChildFailed> Escalated { get; } = [];

    /// <summary>A registry that never takes a child.</summary>
    internal static ChildRegistry MakeClosed() => new() { _closed = true };

    /// <summary>A name that no other child of this actor ever had.</summary>
    internal string NextName() => $"${Interlocked.Increment(ref _created)}";

    /// <exception cref="ArgumentException">The name is taken.</exception>
    /// <exception cref="InvalidOperationException">The parent takes no more children.</exception>
    internal void Add(ActorCell child)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new InvalidOperationException($"{child.Path} cannot be spawned: its parent is stopping or restarting.");
            }

            if (!_children.TryAdd(child.Name, new Entry(child, Interlocked.Increment(ref _created))))
            {
                throw new ArgumentException($"{child.Path} exists already; names are unique among living siblings.");
            }
        }
    }

    /// <returns>Whether this was the last child of a parent that waits for its children.</returns>
    internal bool Remove(ActorCell child)
    {
        lock (_lock)
        {
            return _children.Remove(child.Name) && _closed && _children.Count == 0;
        }
    }

    internal ActorCell? Find(string name)
    {
        lock (_lock)
        {
            return _children.TryGetValue(name, out Entry entry) ? entry.Child : null;
        }
    }

    /// <summary>The living children, newest first.</summary>
    internal ActorCell[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _children.Values.OrderByDescending(static entry => entry.Number).Select(static entry => entry.Child)];
        }
    }

    /// <summary>Refuses further children; from now on <see cref="Remove"/> tells who is the last.</summary>
    /// <returns>The children to wait for, newest first.</returns>
    internal ActorCell[] Close()
    {
        lock (_lock)
        {
            _closed = true;
            Escalated.Clear(); // whoever waits for a verdict is about to be stopped
            return Snapshot();
        }
    }

    /// <summary>Takes children again, after a restart.</summary>
    internal void Reopen()
    {
        lock (_lock)
        {
            _closed = false;
        }
    }
}
