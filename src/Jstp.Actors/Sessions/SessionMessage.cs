using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

/// <summary>What a <see cref="SessionActor"/> is told.</summary>
internal abstract record SessionMessage
{
    /// <summary>Asks whether the session is there and may be restored under an application; answers with the actor or null.</summary>
    public sealed record Resume(JstpApplication Application, ReplyTo<SessionLookup?> Reply) : SessionMessage;

    /// <summary>A connection wants to hold the session; whoever holds it now gives way.</summary>
    public sealed record Attach(ActorRef<ConnectionMessage> Connection) : SessionMessage;

    /// <summary>The outbox has something, and no connection to take it.</summary>
    public sealed record OutboxReady : SessionMessage
    {
        public static OutboxReady Instance { get; } = new();
    }

    /// <summary>The region has forgotten the session, which is to leave the memory now.</summary>
    public sealed record Forgotten : SessionMessage
    {
        public static Forgotten Instance { get; } = new();
    }

    /// <summary>Another node asks for the session.</summary>
    /// <param name="Node">The number of the node.</param>
    public sealed record HandOver(int Node) : SessionMessage;

    /// <summary>The session belongs to another node already: this one was cut off, or did not let go in time.</summary>
    public sealed record Lost : SessionMessage
    {
        public static Lost Instance { get; } = new();
    }

    /// <summary>Events that others have left for the session.</summary>
    public sealed record Posted(IReadOnlyList<StoredPost> Posts) : SessionMessage;

    /// <summary>Too many sessions are in memory, and this one may be among those that are not used.</summary>
    public sealed record MakeRoom : SessionMessage
    {
        public static MakeRoom Instance { get; } = new();
    }

    /// <summary>The client whose count was awaited has not come.</summary>
    public sealed record CountDue : SessionMessage
    {
        public static CountDue Instance { get; } = new();
    }

    /// <summary>Changes that were too small to be stored at once have waited long enough.</summary>
    public sealed record StoreDue : SessionMessage
    {
        public static StoreDue Instance { get; } = new();
    }

    /// <summary>Nobody came back within the expiration time.</summary>
    public sealed record Expired : SessionMessage
    {
        public static Expired Instance { get; } = new();
    }

    /// <summary>The session was opened for a client that had left already.</summary>
    public sealed record Discard : SessionMessage
    {
        public static Discard Instance { get; } = new();
    }
}
