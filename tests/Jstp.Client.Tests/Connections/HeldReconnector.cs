using Jstp.Client.Reconnection;

namespace Jstp.Client.Tests.Connections;

/// <summary>Never comes to an attempt by itself, and tells when it was asked for one.</summary>
internal sealed class HeldReconnector : IJstpReconnector
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the connection was lost.</summary>
    public Task Asked => _asked.Task;

    public TimeSpan? GetDelay(JstpReconnectAttempt attempt)
    {
        _asked.TrySetResult();

        return TimeSpan.FromDays(1);
    }
}
