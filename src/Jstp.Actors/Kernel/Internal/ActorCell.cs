using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Kernel.Internal;

/// <summary>
/// One actor as the kernel sees it: its place in the tree, its mailbox, its life. Outlives the instances that restarts replace.
/// </summary>
/// <remarks>
/// Whoever holds the mailbox owns the cell: fields without another word are touched by the owner only. Optional parts are made
/// when they are first needed, so that an idle actor costs a few hundred bytes.
/// </remarks>
internal abstract partial class ActorCell : IThreadPoolWorkItem
{
    /// <summary>Stands in for the children of an actor that never had any and may no longer get one.</summary>
    private static readonly ChildRegistry NoChildren = ChildRegistry.MakeClosed();

    private static readonly TaskCompletionSource AlreadyStopped = MakeStopped();

    private protected Mailbox _mailbox = new(new StartRequest());
    private readonly ActorCell? _parent; // null for the guardian only
    private string? _path; // any thread
    private ChildRegistry? _children; // any thread
    private TaskCompletionSource? _stopped; // any thread
    private CancellationTokenSource? _stopping; // replaced by the owner, cancelled by any thread
    private bool _stopRequested; // any thread
    private TurnAwaiter? _awaiter;
    private WatchList? _watches;
    private RestartState? _restart;
    private int _activations;
    private ActorPhase _phase;
    private TerminationReason _reason;

    protected ActorCell(ActorSystem system, ActorCell? parent, string name)
    {
        System = system;
        _parent = parent;
        Name = name;
    }

    internal ActorSystem System { get; }

    internal string Name { get; }

    internal string Path => _path ??= MakePath();

    internal abstract ActorRef Ref { get; }

    /// <summary>What users see as the parent: the guardian of the top level is not shown.</summary>
    internal ActorRef? ParentRef => _parent is { _parent: not null } ? _parent.Ref : null;

    internal IReadOnlyList<ActorRef> ChildRefs => [.. ChildCells.Select(static child => child.Ref)];

    internal ActorCell[] ChildCells => Volatile.Read(ref _children)?.Snapshot() ?? [];

    /// <summary>For tests that wait until nothing moves: whether nobody is in the actor, and how often somebody was.</summary>
    internal (bool IsIdle, int Activations) Activity
    {
        get
        {
            // In this order: an activation that ends between the two reads must show in the count.
            // An actor that has closed its mailbox has yet to tell its watchers.
            bool isIdle = _mailbox.IsIdle || (_mailbox.IsClosed && Volatile.Read(ref _stopped) is { Task.IsCompleted: true });
            return (isIdle, Volatile.Read(ref _activations));
        }
    }

    internal Task Stopped
    {
        get
        {
            if (Volatile.Read(ref _stopped) is { } source)
            {
                return source.Task;
            }

            // Continuations must not run inside the actor's last turn.
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _stopped, fresh, null) ?? fresh).Task;
        }
    }

    private ILogger KernelLogger => System.Logger;

    internal ActorCell? FindChild(string name) => Volatile.Read(ref _children)?.Find(name);

    internal static ActorCell<Guardian.Nothing> MakeGuardian(ActorSystem system)
    {
        var guardian = new ActorCell<Guardian.Nothing>(system, parent: null, name: "", static () => new Guardian(), ActorProps.Default);
        guardian.Schedule();
        return guardian;
    }

    internal ActorCell<TChild> Spawn<TChild>(string? name, Func<Actor<TChild>> factory, ActorProps? props)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ActorNames.Validate(name);

        ChildRegistry registry = OpenChildren();
        var child = new ActorCell<TChild>(System, this, name ?? registry.NextName(), factory, props ?? ActorProps.Default);
        registry.Add(child);
        child.Schedule(); // a new cell is born occupied, with its start in the mailbox
        return child;
    }

    /// <summary>Refuses further children.</summary>
    /// <returns>The living ones, newest first.</returns>
    internal ActorCell[] CloseChildren()
    {
        ChildRegistry? registry = Interlocked.CompareExchange(ref _children, NoChildren, null);
        return registry is null ? [] : registry.Close();
    }

    private ChildRegistry OpenChildren()
    {
        if (Volatile.Read(ref _children) is { } registry)
        {
            return registry;
        }

        var fresh = new ChildRegistry();
        return Interlocked.CompareExchange(ref _children, fresh, null) ?? fresh;
    }

    private void ReopenChildren()
    {
        if (Interlocked.CompareExchange(ref _children, null, NoChildren) is { } registry && registry != NoChildren)
        {
            registry.Reopen();
        }
    }

    private string MakePath()
    {
        // A loop, as a tree may be deeper than a stack.
        var segments = new Stack<string>();

        for (ActorCell cell = this; cell._parent is not null; cell = cell._parent)
        {
            segments.Push(cell.Name);
        }

        return $"/{string.Join('/', segments)}";
    }

    private static TaskCompletionSource MakeStopped()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
