using Jstp.Actors.Kernel;
using Jstp.Actors.Kernel.Internal;

namespace Jstp.TestKit;

/// <summary>Finds a moment at which no actor of some systems moves.</summary>
/// <remarks>
/// Looks at the trees twice. If every actor is idle both times, and none was entered in between, then all of them were idle together at
/// the moment between the two looks: an idle actor's mailbox is empty, so nothing was under way among them.
/// </remarks>
internal static class Settlement
{
    internal static Task WaitAsync(params IReadOnlyList<ActorSystem> systems) => Patience.UntilAsync(Observe(systems), "the actors to settle");

    /// <summary>A condition that holds where no actor has moved since the look before.</summary>
    internal static Func<bool> Observe(params IReadOnlyList<ActorSystem> systems)
    {
        Dictionary<ActorCell, int>? before = null;

        return () =>
        {
            Dictionary<ActorCell, int>? now = Look(systems);
            bool settled = now is not null && before is not null && AreEqual(before, now);
            before = now;

            return settled;
        };
    }

    /// <summary>Names the actors of a system, with those that move marked by a star.</summary>
    internal static string Describe(ActorSystem system) =>
        string.Join(", ", Cells([system]).Select(static cell => cell.Activity.IsIdle ? cell.Path : cell.Path + "*"));

    /// <returns>How often each actor was entered; <see langword="null"/> when one is not idle.</returns>
    private static Dictionary<ActorCell, int>? Look(IEnumerable<ActorSystem> systems)
    {
        var activations = new Dictionary<ActorCell, int>();

        foreach (ActorCell cell in Cells(systems))
        {
            (bool isIdle, int count) = cell.Activity;

            if (!isIdle)
            {
                return null;
            }

            activations.Add(cell, count);
        }

        return activations;
    }

    // A parent before its children, which are looked up after whoever enumerates has looked at it.
    private static IEnumerable<ActorCell> Cells(IEnumerable<ActorSystem> systems)
    {
        var open = new Stack<ActorCell>(systems.Select(static system => system.Root));

        while (open.TryPop(out ActorCell? cell))
        {
            yield return cell;

            foreach (ActorCell child in cell.ChildCells)
            {
                open.Push(child);
            }
        }
    }

    private static bool AreEqual(Dictionary<ActorCell, int> before, Dictionary<ActorCell, int> now) =>
        before.Count == now.Count && now.All(entry => before.TryGetValue(entry.Key, out int count) && count == entry.Value);
}
