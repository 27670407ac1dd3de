using Jstp.Actors.Sessions;

namespace Jstp.Actors.Connections;

/// <summary>What a <see cref="ConnectionActor"/> is told.</summary>
internal abstract record ConnectionMessage
{
    /// <summary>The read that was pending has completed.</summary>
    public sealed record InputReady : ConnectionMessage
    {
        public static InputReady Instance { get; } = new();
    }

    /// <summary>The flush that was pending has completed.</summary>
    public sealed record OutputTaken : ConnectionMessage
    {
        public static OutputTaken Instance { get; } = new();
    }

    /// <summary>Application code has put something into the outbox.</summary>
    public sealed record OutboxReady : ConnectionMessage
    {
        public static OutboxReady Instance { get; } = new();
    }

    /// <summary>The session is this connection's from now on.</summary>
    public sealed record Attached(Session Session, JstpConnection Connection) : ConnectionMessage;

    /// <summary>The session's actor has not answered in the time of a handshake.</summary>
    public sealed record AttachTimedOut : ConnectionMessage
    {
        public static AttachTimedOut Instance { get; } = new();
    }

    /// <summary>The session is not to be had.</summary>
    public sealed record Refused : ConnectionMessage
    {
        public static Refused Instance { get; } = new();
    }

    /// <summary>The session is leaving this node: the client has to come again to find it.</summary>
    public sealed record Moved : ConnectionMessage
    {
        public static Moved Instance { get; } = new();
    }

    /// <summary>Changes of the session have been written to the store, or it keeps up again.</summary>
    public sealed record Committed : ConnectionMessage
    {
        public static Committed Instance { get; } = new();
    }

    /// <summary>Another connection takes the session over.</summary>
    public sealed record TakenOver : ConnectionMessage
    {
        public static TakenOver Instance { get; } = new();
    }

    /// <summary>The heartbeat is due.</summary>
    public sealed record HeartbeatDue : ConnectionMessage
    {
        public static HeartbeatDue Instance { get; } = new();
    }

    /// <summary>It is time to look whether the peer is alive.</summary>
    public sealed record KeepAliveDue : ConnectionMessage
    {
        public static KeepAliveDue Instance { get; } = new();
    }

    /// <summary>The peer has not taken output for too long.</summary>
    public sealed record SendTimedOut : ConnectionMessage
    {
        public static SendTimedOut Instance { get; } = new();
    }
}
