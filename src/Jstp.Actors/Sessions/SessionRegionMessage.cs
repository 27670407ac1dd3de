using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Sessions;

/// <summary>What a <see cref="SessionRegion"/> is told.</summary>
internal abstract record SessionRegionMessage
{
    /// <summary>Opens a new session.</summary>
    public sealed record Open(JstpApplication Application, string? UserName, ReplyTo<SessionLookup?> Reply) : SessionRegionMessage;

    /// <summary>A session has been stored and wants to leave the memory. Applications may still have its connection in hand.</summary>
    public sealed record Passivate(ActorRef<SessionMessage> Session, JstpConnection Connection) : SessionRegionMessage;

    /// <summary>Something is to be sent to a client whose session has left the memory.</summary>
    public sealed record Wake(JstpConnection Connection) : SessionRegionMessage;

    /// <summary>Finds a session, in memory or in the storage; answers null when there is none for the application.</summary>
    public sealed record Find(string Id, JstpApplication Application, ReplyTo<SessionLookup?> Reply) : SessionRegionMessage;
}
