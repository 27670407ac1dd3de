namespace Jstp.Actors.Sessions;

/// <summary>The kinds of message that a session keeps until the client is known to have them (protocol page, section 2).</summary>
internal enum OutgoingKind : byte
{
    Call,
    Event,
    Inspect,
}
