namespace Jstp.Actors.Kernel.Internal;

/// <summary>
/// A watched actor is gone. Deliberately no <see cref="SystemMessage"/>: with priority it would overtake what the watched
/// actor told the watcher before it stopped.
/// </summary>
internal sealed class TerminatedNotice(ActorCell watched, TerminationReason reason) : MailboxNode
{
    internal ActorCell Watched => watched;

    internal TerminationReason Reason => reason;
}
