using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

/// <summary>What a <see cref="SessionRegion"/> is told.</summary>
internal abstract record SessionRegionMessage
{
    /// <summary>Opens a new session.</summary>
    public sealed record Open(JstpApplication Application, string? UserName, ReplyTo<SessionLookup?> Reply) : SessionRegionMessage;

    /// <summary>A session wants to leave the memory.</summary>
    /// <param name="Session">Its actor, which is told when nobody is sent to it any more.</param>
    /// <param name="Connection">What applications may still have in hand, if the session was stored; null when it is over.</param>
    public sealed record Passivate(ActorRef<SessionMessage> Session, JstpConnection? Connection) : SessionRegionMessage;

    /// <summary>Something is to be sent to a client whose session has left the memory.</summary>
    public sealed record Wake(JstpConnection Connection) : SessionRegionMessage;

    /// <summary>Finds a session, in memory or in the storage; answers null when there is none for the application.</summary>
    public sealed record Find(string Id, JstpApplication Application, ReplyTo<SessionLookup?> Reply) : SessionRegionMessage;

    /// <summary>Another node has clients for sessions of this one: each is closed, written and released, and that node is told so.</summary>
    /// <param name="Ids">The session ids, as clients gave them; some may be unknown here.</param>
    /// <param name="FromNode">The number of the node that asks.</param>
    public sealed record HandOver(IReadOnlyList<string> Ids, int FromNode) : SessionRegionMessage;

    /// <summary>Another node has let go of sessions that this one has asked it for: they can be taken now.</summary>
    /// <param name="Ids">The session ids.</param>
    public sealed record Released(IReadOnlyList<string> Ids) : SessionRegionMessage;

    /// <summary>Events were left in the store for sessions of this node.</summary>
    /// <param name="Keys">The sessions; some may have left the node meanwhile.</param>
    public sealed record Collect(IReadOnlyList<long> Keys) : SessionRegionMessage;

    /// <summary>Messages of other nodes may have been missed: there may be events in the store for any session of this node.</summary>
    public sealed record CollectAll : SessionRegionMessage
    {
        public static CollectAll Instance { get; } = new();
    }

    /// <summary>The store could not be reached, so that other nodes may take the sessions of this one; or it can be reached again.</summary>
    /// <param name="IsCutOff">Which of them.</param>
    public sealed record CutOff(bool IsCutOff) : SessionRegionMessage;

    /// <summary>
    /// The node leaves: from now on every session is written and released as soon as it has no client, and those that have none already are at once.
    /// </summary>
    /// <param name="Reply">Answered when the node has no session left.</param>
    public sealed record Drain(ReplyTo<bool> Reply) : SessionRegionMessage;

    /// <summary>A session has lost its connection, and waits in memory.</summary>
    public sealed record Detached(ActorRef<SessionMessage> Session) : SessionRegionMessage;

    /// <summary>What became of the sessions that the store was asked for.</summary>
    public sealed record Taken(IReadOnlyList<SessionTakeResult> Results) : SessionRegionMessage;

    /// <summary>The store could not be asked.</summary>
    public sealed record TakeFailed(IReadOnlyList<string> Ids, Exception Cause) : SessionRegionMessage;

    /// <summary>A node that was asked for a session has not let go of it in time.</summary>
    public sealed record HandOverDue(string Id) : SessionRegionMessage;

    /// <summary>Events were read that others have left for sessions of this node.</summary>
    public sealed record PostsRead(IReadOnlyList<StoredPost> Posts) : SessionRegionMessage;

    /// <summary>Sessions for which events were to be left are not in the store: nobody came back to them, or another node has ended them.</summary>
    public sealed record FoundOver(IReadOnlyList<string> Ids) : SessionRegionMessage;

    /// <summary>The store was asked which sessions this node still owns.</summary>
    /// <param name="Keys">Those that belong to others.</param>
    /// <param name="Asked">What was asked for clients that wait.</param>
    public sealed record LossesFound(IReadOnlySet<long> Keys, IReadOnlyList<SessionTakerMessage.Confirm> Asked) : SessionRegionMessage;
}
