namespace Jstp.Actors.Kernel;

/// <summary>What becomes of an actor that failed.</summary>
public enum SupervisionDirective
{
    /// <summary>Goes on with the next message and the state it has. An actor that failed to start is restarted instead.</summary>
    Resume,

    /// <summary>Is replaced by a new instance after the backoff; the mailbox waits.</summary>
    Restart,

    /// <summary>Stops for good.</summary>
    Stop,

    /// <summary>The parent fails in its turn, with the same exception. At the top level there is no one to turn to, and the actor stops.</summary>
    Escalate,
}
