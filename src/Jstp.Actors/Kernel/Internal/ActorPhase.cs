namespace Jstp.Actors.Kernel.Internal;

/// <summary>Where an actor is in its life. Users' messages are handled in <see cref="Running"/> only.</summary>
internal enum ActorPhase : byte
{
    /// <summary>Makes an instance and starts it.</summary>
    Starting,

    /// <summary>Handles messages.</summary>
    Running,

    /// <summary>Failed, and waits for its parent's verdict.</summary>
    Suspended,

    /// <summary>Is to be restarted, and waits for its children to stop.</summary>
    Restarting,

    /// <summary>Has no instance, and waits for the pause before the next one to end.</summary>
    BackingOff,

    /// <summary>Is to stop, and waits for its children to do so.</summary>
    Stopping,

    /// <summary>Is gone.</summary>
    Stopped,
}
