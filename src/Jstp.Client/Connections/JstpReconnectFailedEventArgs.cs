namespace Jstp.Client.Connections;

/// <summary>An attempt to reconnect has failed.</summary>
/// <param name="number">Its number since the connection was lost, from 1.</param>
/// <param name="error">Why it has failed.</param>
public sealed class JstpReconnectFailedEventArgs(int number, Exception error) : EventArgs
{
    /// <summary>Its number since the connection was lost, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>Why it has failed.</summary>
    public Exception Error { get; } = error;
}
