namespace Jstp.Actors.Persistence;

/// <summary>What a change makes of a session.</summary>
public enum SessionTransition
{
    /// <summary>It goes on as before.</summary>
    None,

    /// <summary>A client is connected to it.</summary>
    Attached,

    /// <summary>No client is connected to it from now on; its node keeps it.</summary>
    Detached,

    /// <summary>No client is connected, and its node lets go of it: the owner is nobody, and the epoch rises, so that nothing of that node is written any more.</summary>
    Released,

    /// <summary>It is over, and deleted with everything of it.</summary>
    Deleted,
}
