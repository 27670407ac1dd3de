using Jstp.Actors.Kernel.Internal;

namespace Jstp.Actors.Kernel;

/// <summary>Names an actor that is told <typeparamref name="TMessage"/>. Safe to use from any thread.</summary>
/// <typeparam name="TMessage">What the actor is told.</typeparam>
public sealed class ActorRef<TMessage> : ActorRef
{
    private readonly ActorCell<TMessage> _cell;

    internal ActorRef(ActorCell<TMessage> cell) => _cell = cell;

    /// <summary>
    /// Whether this thread is, at this moment, inside the synchronous part of one of the actor's turns. False behind an
    /// <see langword="await"/>, and false while the turn of another actor that was entered from there runs.
    /// </summary>
    public bool IsCurrent => TurnScope.Current == _cell;

    internal override ActorCell Cell => _cell;

    /// <summary>
    /// Queues a message. Never blocks and never throws: a message that a stopped actor or a full mailbox cannot take is a dead letter.
    /// </summary>
    public void Tell(TMessage message) => _cell.Tell(message);

    /// <summary>Queues a message unless the actor has stopped or its mailbox is full; then the message stays the caller's and is no dead letter.</summary>
    /// <returns>Whether the message was queued. A stop can still turn it into a dead letter.</returns>
    public bool TryTell(TMessage message) => _cell.TryTell(message);

    /// <summary>
    /// Like <see cref="Tell"/>, but an idle actor handles the message now, on the calling thread, and then what arrived
    /// meanwhile, up to the batch limit. Never re-enters an actor, never overtakes a queued message, never throws.
    /// </summary>
    /// <remarks>
    /// Returns when the turn is over or awaits. Turns entered from turns nest at most <see cref="TurnScope.MaxDepth"/> deep; beyond, the message is queued.
    /// </remarks>
    public void Enter(TMessage message) => _cell.Enter(message);

    /// <summary>Tells a message that carries its own return address, and waits for the answer.</summary>
    /// <typeparam name="TReply">What is answered.</typeparam>
    /// <param name="message">Makes the message around the return address.</param>
    /// <param name="timeout">How long to wait on the system's time, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the waiting; the actor is not told.</param>
    /// <exception cref="AskFailedException">The actor has stopped, its mailbox is full, or it failed on this message.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public Task<TReply> AskAsync<TReply>(
        Func<ReplyTo<TReply>, TMessage> message, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _cell.AskAsync(message, timeout, cancellationToken);
    }
}
