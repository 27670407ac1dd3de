using Jstp.Actors.Kernel.Internal;

namespace Jstp.Actors.Kernel;

/// <summary>Names an actor, whatever it is told. Stays valid across restarts; equality is identity.</summary>
public abstract class ActorRef
{
    private protected ActorRef()
    {
    }

    /// <summary>Where the actor stands in the tree, such as <c>/applications/chat@1.2.0/connection-17</c>.</summary>
    public string Path => Cell.Path;

    /// <summary>The last segment of the path.</summary>
    public string Name => Cell.Name;

    /// <summary>Completes when the actor has stopped for good and its name is free again. Never faults.</summary>
    public Task Stopped => Cell.Stopped;

    /// <summary>
    /// Stops the actor after its current turn, children first. Waiting messages become dead letters; to have them handled
    /// first, tell the actor a message on which it stops itself. May be called from anywhere, and more than once.
    /// </summary>
    public void Stop() => Cell.Stop();

    /// <summary>The actor's path.</summary>
    public sealed override string ToString() => Path;

    internal abstract ActorCell Cell { get; }
}
