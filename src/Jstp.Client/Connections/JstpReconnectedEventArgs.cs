namespace Jstp.Client.Connections;

/// <summary>The server can be reached again.</summary>
/// <param name="isNewSession">Whether the session is a new one.</param>
/// <param name="lostCallCount">Calls whose answers were lost.</param>
public sealed class JstpReconnectedEventArgs(bool isNewSession, int lostCallCount) : EventArgs
{
    /// <summary>Whether the session is a new one, because the server had refused the old one (<see cref="RefusedSessionAction.Replace"/>).</summary>
    public bool IsNewSession { get; } = isNewSession;

    /// <summary>Calls that failed with -1, since the server had received them but their answers were lost (protocol page, 10.5).</summary>
    public int LostCallCount { get; } = lostCallCount;
}
