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
    internal static Task WaitAsync(params IReadOnlyList<ActorSystem> systems)
    {
        Dictionary<ActorCell, int>? before = null;

        return Patience.UntilAsync(
            () =>
            {
                Dictionary<ActorCell, int>? now = Look(systems);
                bool settled = now is not null && before is not null && AreEqual(before, now);
                before = now;
                return settled;
            },
            "the actors to settle");
    }

    /// <returns>How often each actor was entered; <see langword="null"/> when one is not idle.</returns>
    private static Dictionary<ActorCell, int>? Look(IEnumerable<ActorSystem> systems)
    {
        var activations = new Dictionary<ActorCell, int>();
        var open = new Stack<ActorCell>(systems.Select(static system => system.Root));

        while (open.TryPop(out ActorCell? cell))
        {
            (bool isIdle, int count) = cell.Activity;

            if (!isIdle)
            {
                return null;
            }

            activations.Add(cell, count);

            foreach (ActorCell child in cell.ChildCells)
            {
                open.Push(child);
            }
        }

        return activations;
    }

    private static bool AreEqual(Dictionary<ActorCell, int> before, Dictionary<ActorCell, int> now) =>
        before.Count == now.Count && now.All(entry => before.TryGetValue(entry.Key, out int count) && count == entry.Value);
}
