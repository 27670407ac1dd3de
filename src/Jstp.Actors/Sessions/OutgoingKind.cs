namespace Jstp.Actors.Sessions;

/// <summary>The kinds of message that a session keeps until the client is known to have them (protocol page, section 2).</summary>
public enum OutgoingKind : byte
{
    /// <summary>A call to the client.</summary>
    Call,

    /// <summary>An event.</summary>
    Event,

    /// <summary>A question for the methods of an interface.</summary>
    Inspect,
}
