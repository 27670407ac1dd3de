using Jstp.Actors.Kernel.Internal;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Kernel;

/// <summary>What an actor sees of the world around it. It belongs to the actor's turns: never use it from another thread.</summary>
/// <typeparam name="TMessage">What the actor is told.</typeparam>
public sealed class ActorContext<TMessage>
{
    private readonly ActorCell<TMessage> _cell;
    private ILogger? _logger;

    internal ActorContext(ActorCell<TMessage> cell) => _cell = cell;

    /// <summary>The actor's own reference.</summary>
    public ActorRef<TMessage> Self => _cell.Self;

    /// <summary>The system that the actor lives in.</summary>
    public ActorSystem System => _cell.System;

    /// <summary>The actor's path, such as <c>/applications/chat@1.2.0</c>.</summary>
    public string Path => _cell.Path;

    /// <summary>Whose child the actor is; <see langword="null"/> at the top level.</summary>
    public ActorRef? Parent => _cell.ParentRef;

    /// <summary>The children that have not stopped yet, newest first.</summary>
    public IReadOnlyList<ActorRef> Children => _cell.ChildRefs;

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider => _cell.System.TimeProvider;

    /// <summary>Timers that tell this actor messages. They end with the instance, at a stop and at a restart.</summary>
    public ActorTimers<TMessage> Timers => _cell.Timers;

    /// <summary>A logger whose category is the actor's type.</summary>
    public ILogger Logger => _logger ??= _cell.CreateInstanceLogger();

    /// <summary>Makes a child with a name of the kernel's choice, such as <c>$7</c>.</summary>
    /// <inheritdoc cref="Spawn{TChild}(string, Func{Actor{TChild}}, ActorProps?)"/>
    public ActorRef<TChild> Spawn<TChild>(Func<Actor<TChild>> factory, ActorProps? props = null) =>
        _cell.Spawn(name: null, factory, props).Self;

    /// <summary>Makes a child. It starts on the thread pool, and may be told messages at once.</summary>
    /// <typeparam name="TChild">What the child is told.</typeparam>
    /// <param name="name">Unique among living siblings; not empty, no slash, no leading <c>$</c>.</param>
    /// <param name="factory">Makes an instance, now and at every restart.</param>
    /// <param name="props">How the child is to be run; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The name is malformed or taken.</exception>
    /// <exception cref="InvalidOperationException">This actor is stopping.</exception>
    public ActorRef<TChild> Spawn<TChild>(string name, Func<Actor<TChild>> factory, ActorProps? props = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _cell.Spawn(name, factory, props).Self;
    }

    /// <summary>Finds a living child by its name; <see langword="null"/> when there is none.</summary>
    public ActorRef? Child(string name) => _cell.FindChild(name)?.Ref;

    /// <summary>Stops this actor after the current turn; messages that still wait become dead letters.</summary>
    public void Stop() => _cell.Stop();

    /// <summary>Stops a child, or any other actor, as <see cref="ActorRef.Stop"/> does.</summary>
    public void Stop(ActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Stop();
    }

    /// <summary>
    /// Asks for <see cref="Actor{TMessage}.OnTerminatedAsync"/> once <paramref name="actor"/> is gone; at once when it is gone already.
    /// Watching twice is watching once, and a restart ends all watching.
    /// </summary>
    /// <exception cref="ArgumentException">An actor cannot watch itself.</exception>
    public void Watch(ActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        _cell.Watch(actor.Cell);
    }

    /// <summary>Takes <see cref="Watch"/> back; a notice that already waits in the mailbox is not delivered.</summary>
    public void Unwatch(ActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        _cell.Unwatch(actor.Cell);
    }
}
