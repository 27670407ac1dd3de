namespace Jstp.Actors.Kernel.Internal;

/// <summary>One restart under way, from the verdict until the next instance is made. Touched by the actor's owner only.</summary>
internal sealed class RestartState(ActorCell cell, Exception cause)
{
    private ITimer? _pause;

    internal Exception Cause => cause;

    internal bool IsPausing => _pause is not null;

    /// <summary>Begins the pause, at the end of which the actor is told <see cref="BackoffElapsed"/>.</summary>
    internal void Begin(TimeSpan pause) => _pause = cell.System.CreateTimer(
        static restart => ((RestartState)restart!).Elapse(), this, pause, Timeout.InfiniteTimeSpan);

    /// <summary>Ends the pause, or what is left of it.</summary>
    internal void End()
    {
        _pause?.Dispose();
        _pause = null;
    }

    private void Elapse() => cell.Send(new BackoffElapsed(this));
}
