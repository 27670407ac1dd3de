namespace Jstp.Actors.Persistence;

/// <summary>When the state of sessions is written to the store, and so what the death of a process costs (docs/sessions.md).</summary>
public enum SessionDurability
{
    /// <summary>When the connection closes, as the reference does. A killed process costs what its connected sessions had done since they connected.</summary>
    OnDisconnect,

    /// <summary>In the background, every few milliseconds, for all sessions at once. A killed process costs what the last write did not hold.</summary>
    Continuous,

    /// <summary>
    /// Before a buffered message leaves, and before a received message is handled. A killed process costs nothing but the answers of calls that were
    /// running, which are answered with error -1 or executed again.
    /// </summary>
    Strict,
}
