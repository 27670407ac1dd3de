namespace Jstp.Actors.Kernel.Internal;

/// <summary>Anything that waits in a mailbox. In at most one queue at a time, which owns <see cref="Next"/>.</summary>
internal abstract class MailboxNode
{
    internal MailboxNode? Next;

    /// <summary>What to call the message in a log.</summary>
    internal virtual string Description => GetType().Name;

    /// <summary>The message will not be handled, or was not handled to its end.</summary>
    /// <param name="recipient">Whose message it was.</param>
    /// <param name="failure">What the turn threw; <see langword="null"/> when there was no turn.</param>
    internal virtual void Abandon(ActorRef recipient, Exception? failure)
    {
    }
}
