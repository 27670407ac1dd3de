namespace Jstp.Actors.Persistence;

/// <summary>What a node is doing, as the others see it.</summary>
public enum NodeState
{
    /// <summary>It starts, and takes no clients yet.</summary>
    Starting,

    /// <summary>It serves clients.</summary>
    Up,

    /// <summary>It takes no more clients and sends those that it has away.</summary>
    Draining,
}
