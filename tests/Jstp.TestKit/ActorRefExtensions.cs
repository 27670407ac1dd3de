using Jstp.Actors.Kernel;

namespace Jstp.TestKit;

/// <summary>What tests may know of actors, and nobody else needs to.</summary>
public static class ActorRefExtensions
{
    /// <summary>The paths of the living children of an actor.</summary>
    public static IReadOnlyList<string> ChildPaths(this ActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);

        return [.. actor.Cell.ChildCells.Select(static child => child.Path)];
    }
}
