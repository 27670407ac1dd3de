namespace Jstp.Client.Reconnection;

/// <summary>Says when a lost connection is tried again. Safe for use from many threads, as one may serve many connections.</summary>
public interface IJstpReconnector
{
    /// <summary>Gives the time to wait before the next attempt, zero for none, or null to give up: the connection then closes for good.</summary>
    /// <param name="attempt">What is known of the attempts so far.</param>
    TimeSpan? GetDelay(JstpReconnectAttempt attempt);
}
