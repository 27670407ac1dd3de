namespace Jstp.Actors.Kernel.Internal;

/// <summary>What became of a node that was pushed into a <see cref="Mailbox"/>.</summary>
internal enum PushResult
{
    /// <summary>Whoever is in the actor will see it.</summary>
    Queued,

    /// <summary>Nobody was in the actor: the pusher now is, and must run it or schedule it.</summary>
    Acquired,

    /// <summary>The mailbox is closed; the node was not taken.</summary>
    Closed,
}
