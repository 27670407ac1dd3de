using Jstp.Actors.Kernel;

namespace Jstp.TestKit;

/// <summary>An actor whose behaviour a test writes down in place. What is left out does nothing.</summary>
/// <typeparam name="TMessage">What the actor is told.</typeparam>
public sealed class ScriptedActor<TMessage> : Actor<TMessage>
{
    /// <summary>Runs at the start of the instance.</summary>
    public Func<ActorContext<TMessage>, CancellationToken, ValueTask>? OnStart { get; init; }

    /// <summary>Handles a message.</summary>
    public Func<ActorContext<TMessage>, TMessage, CancellationToken, ValueTask>? OnReceive { get; init; }

    /// <summary>Hears of the end of a watched actor.</summary>
    public Action<ActorContext<TMessage>, ActorRef, TerminationReason>? OnTerminated { get; init; }

    /// <summary>Takes leave of the instance at a restart. If left out, <see cref="OnStopped"/> does, as with any actor.</summary>
    public Func<Exception, ValueTask>? OnRestarting { get; init; }

    /// <summary>Takes leave of the instance at a stop.</summary>
    public Func<ValueTask>? OnStopped { get; init; }

    /// <summary>Answers the failures of the children; the system's default if left out.</summary>
    public SupervisionStrategy? Strategy { get; init; }

    /// <inheritdoc/>
    protected override SupervisionStrategy Supervision => Strategy ?? base.Supervision;

    /// <inheritdoc/>
    protected override ValueTask OnStartAsync(CancellationToken stopping) => OnStart?.Invoke(Context, stopping) ?? default;

    /// <inheritdoc/>
    protected override ValueTask ReceiveAsync(TMessage message, CancellationToken stopping) =>
        OnReceive?.Invoke(Context, message, stopping) ?? default;

    /// <inheritdoc/>
    protected override ValueTask OnTerminatedAsync(ActorRef watched, TerminationReason reason, CancellationToken stopping)
    {
        OnTerminated?.Invoke(Context, watched, reason);
        return default;
    }

    /// <inheritdoc/>
    protected override ValueTask OnRestartingAsync(Exception cause) => OnRestarting?.Invoke(cause) ?? base.OnRestartingAsync(cause);

    /// <inheritdoc/>
    protected override ValueTask OnStoppedAsync() => OnStopped?.Invoke() ?? default;
}
