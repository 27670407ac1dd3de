using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;

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
}
