namespace Jstp.Actors.Kernel;

/// <summary>Why an actor is gone.</summary>
public enum TerminationReason
{
    /// <summary>It was asked to stop, by itself, by another or by the end of its parent.</summary>
    Stopped,

    /// <summary>It failed, and supervision ended it.</summary>
    Failed,
}
