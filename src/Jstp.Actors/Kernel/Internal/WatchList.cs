namespace Jstp.Actors.Kernel.Internal;

/// <summary>Who watches an actor, and whom it watches. Touched by the actor's owner only.</summary>
internal sealed class WatchList
{
    internal HashSet<ActorCell> Watchers { get; } = [];

    internal HashSet<ActorCell> Watched { get; } = [];
}
