using Microsoft.AspNetCore.Connections.Features;

namespace Jstp.Transport.WebSockets;

/// <summary>Aborts a connection that was told to end and has not by a deadline. It outlives the endpoint, since Kestrel ends the transport after that.</summary>
internal sealed class CompletionWatchdog
{
    private readonly IConnectionLifetimeFeature _lifetime;
    private readonly ITimer _timer;

    public CompletionWatchdog(IConnectionLifetimeFeature lifetime, TimeSpan timeout, TimeProvider timeProvider)
    {
        _lifetime = lifetime;
        _timer = timeProvider.CreateTimer(static self => ((CompletionWatchdog)self!)._lifetime.Abort(), this, timeout, Timeout.InfiniteTimeSpan);

        // The feature belongs to the connection, so the registration goes with it.
        _lifetime.ConnectionClosed.UnsafeRegister(static self => ((CompletionWatchdog)self!)._timer.Dispose(), this);
    }
}
