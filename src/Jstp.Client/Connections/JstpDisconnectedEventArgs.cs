namespace Jstp.Client.Connections;

/// <summary>The connection was lost, or has ended for good.</summary>
/// <param name="error">Why; null if either side has closed it in order.</param>
public sealed class JstpDisconnectedEventArgs(Exception? error) : EventArgs
{
    /// <summary>Why; null if either side has closed it in order.</summary>
    public Exception? Error { get; } = error;
}
