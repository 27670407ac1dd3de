namespace Jstp.Actors.Kernel;

/// <summary>
/// A piece of state that only its own turns touch. Messages are handled one at a time, in the order of each sender;
/// a turn that awaits keeps the actor occupied until it is over.
/// </summary>
/// <typeparam name="TMessage">What the actor is told; an immutable type.</typeparam>
/// <remarks>
/// Whatever a turn throws is a failure: the message is dropped and the parent's <see cref="Supervision"/> decides what
/// becomes of the actor. Every instance that the factory made gets exactly one goodbye, <see cref="OnRestartingAsync"/> or
/// <see cref="OnStoppedAsync"/>, also when <see cref="OnStartAsync"/> failed.
/// </remarks>
public abstract class Actor<TMessage>
{
    private ActorContext<TMessage>? _context;

    /// <summary>The actor's surroundings, for use within its turns.</summary>
    /// <exception cref="InvalidOperationException">Used in the constructor; the context is there from <see cref="OnStartAsync"/> on.</exception>
    protected ActorContext<TMessage> Context =>
        _context ?? throw new InvalidOperationException($"{GetType().Name} has no context yet: use it from OnStartAsync on, not in the constructor.");

    /// <summary>How failures of this actor's children are answered. The default is the system's <see cref="ActorSystemOptions.DefaultSupervision"/>.</summary>
    protected virtual SupervisionStrategy Supervision => Context.System.DefaultSupervision;

    /// <summary>Runs before the first message, also after a restart.</summary>
    /// <param name="stopping">Cancelled as soon as this instance is to stop or to be replaced.</param>
    protected virtual ValueTask OnStartAsync(CancellationToken stopping) => ValueTask.CompletedTask;

    /// <summary>Handles one message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stopping">Cancelled as soon as this instance is to stop or to be replaced; a turn that then ends with an
    /// <see cref="OperationCanceledException"/> did not fail.</param>
    protected abstract ValueTask ReceiveAsync(TMessage message, CancellationToken stopping);

    /// <summary>Tells that a watched actor is gone. It comes behind every message that the watched actor sent before it stopped.</summary>
    /// <param name="watched">The actor that was watched, and is no longer.</param>
    /// <param name="reason">Why it is gone.</param>
    /// <param name="stopping">Cancelled as soon as this instance is to stop or to be replaced.</param>
    protected virtual ValueTask OnTerminatedAsync(ActorRef watched, TerminationReason reason, CancellationToken stopping) =>
        ValueTask.CompletedTask;

    /// <summary>
    /// The goodbye of an instance that a restart replaces; its children have stopped and its timers are cancelled.
    /// Does what <see cref="OnStoppedAsync"/> does unless overridden.
    /// </summary>
    /// <param name="cause">The failure. What this method throws itself is logged and hinders nothing.</param>
    protected virtual ValueTask OnRestartingAsync(Exception cause) => OnStoppedAsync();

    /// <summary>
    /// The goodbye of an instance whose actor stops; its children have stopped and its timers are cancelled.
    /// What it throws is logged and hinders nothing.
    /// </summary>
    protected virtual ValueTask OnStoppedAsync() => ValueTask.CompletedTask;

    internal SupervisionStrategy ChildSupervision => Supervision;

    internal void Attach(ActorContext<TMessage> context)
    {
        if (_context is not null)
        {
            throw new InvalidOperationException($"The factory of {context.Path} returned an instance that is in use already; it must make a new one.");
        }

        _context = context;
    }

    internal ValueTask StartAsync(CancellationToken stopping) => OnStartAsync(stopping);

    internal ValueTask HandleAsync(TMessage message, CancellationToken stopping) => ReceiveAsync(message, stopping);

    internal ValueTask HandleTerminatedAsync(ActorRef watched, TerminationReason reason, CancellationToken stopping) =>
        OnTerminatedAsync(watched, reason, stopping);

    internal ValueTask RestartAsync(Exception cause) => OnRestartingAsync(cause);

    internal ValueTask StopAsync() => OnStoppedAsync();
}
