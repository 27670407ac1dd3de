namespace Jstp.Actors.Kernel;

/// <summary>Why a message became a dead letter.</summary>
public enum DeadLetterReason
{
    /// <summary>The recipient had stopped, or stopped while the message waited.</summary>
    Stopped,

    /// <summary>The recipient's mailbox was full.</summary>
    MailboxFull,
}
