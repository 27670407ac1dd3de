namespace Jstp.Actors.Sessions;

/// <summary>What became of a message for a client.</summary>
internal enum AppendOutcome
{
    /// <summary>The session keeps it until the client has it.</summary>
    Appended,

    /// <summary>Too many calls to this client wait for an answer; this one has failed.</summary>
    CallRefused,

    /// <summary>The session holds as much as it may; the message is not kept.</summary>
    BufferFull,
}
