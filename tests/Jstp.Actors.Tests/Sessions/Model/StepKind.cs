namespace Jstp.Actors.Tests.Sessions.Model;

/// <summary>What may happen to one session of a cluster.</summary>
public enum StepKind
{
    /// <summary>The application sends 1 to 3 events on the node that owns the session, whether the client is there or not.</summary>
    Emit,

    /// <summary>The application sends an event by a connection that it has kept on a node where the session is no more.</summary>
    EmitElsewhere,

    /// <summary>The application calls the client.</summary>
    CallClient,

    /// <summary>The application pings the client.</summary>
    PingClient,

    /// <summary>Some node leaves an event for the session.</summary>
    Post,

    /// <summary>The client sends an event.</summary>
    SendEvent,

    /// <summary>The client calls.</summary>
    SendCall,

    /// <summary>The client pings.</summary>
    SendPing,

    /// <summary>The client answers the calls and pings that it has received, or the oldest of them.</summary>
    Answer,

    /// <summary>The client answers what nobody asked.</summary>
    AnswerNonsense,

    /// <summary>The connection is lost; the client has read what had come.</summary>
    Lose,

    /// <summary>The connection is lost, and with it what was on its way.</summary>
    LoseUnread,

    /// <summary>The client comes back to some node, with its old connection open or not.</summary>
    Resume,

    /// <summary>The same, and it has forgotten the last messages.</summary>
    ResumeStale,

    /// <summary>The same, and it claims to have more than was ever sent.</summary>
    ResumeTooFar,

    /// <summary>The client comes back to some node and is gone before it is answered.</summary>
    ResumeAndVanish,

    /// <summary>Time enough for the journal to write.</summary>
    Tick,

    /// <summary>A node is killed, and a new one joins.</summary>
    Kill,

    /// <summary>A node cannot reach the store any more, though it lives.</summary>
    CutOff,

    /// <summary>It can again.</summary>
    Return,

    /// <summary>Time enough for a session whose client is away to leave the memory.</summary>
    Expire,

    /// <summary>Time enough for a session whose client is away to be deleted.</summary>
    Perish,
}
