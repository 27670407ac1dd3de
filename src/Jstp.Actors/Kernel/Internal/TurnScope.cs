namespace Jstp.Actors.Kernel.Internal;

/// <summary>Knows whose turn the current thread is in. Entered and left around every synchronous stretch of turns.</summary>
internal static class TurnScope
{
    /// <summary>
    /// How deep turns that enter other actors may nest on one thread. Deep enough for connection, session and application
    /// behind a read loop; far from what a stack holds.
    /// </summary>
    internal const int MaxDepth = 8;

    [ThreadStatic]
    private static ActorCell? _current;

    [ThreadStatic]
    private static int _depth;

    internal static ActorCell? Current => _current;

    internal static bool IsFull => _depth >= MaxDepth;

    /// <returns>Whose turn was interrupted, for <see cref="Leave"/>.</returns>
    internal static ActorCell? Enter(ActorCell cell)
    {
        ActorCell? outer = _current;
        _current = cell;
        _depth++;
        return outer;
    }

    internal static void Leave(ActorCell? outer)
    {
        _current = outer;
        _depth--;
    }
}
