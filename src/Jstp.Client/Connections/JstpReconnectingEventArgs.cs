namespace Jstp.Client.Connections;

/// <summary>An attempt to reconnect was scheduled.</summary>
/// <param name="number">Its number since the connection was lost, from 1.</param>
/// <param name="delay">How long until it is made.</param>
public sealed class JstpReconnectingEventArgs(int number, TimeSpan delay) : EventArgs
{
    /// <summary>Its number since the connection was lost, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>How long until it is made.</summary>
    public TimeSpan Delay { get; } = delay;
}
