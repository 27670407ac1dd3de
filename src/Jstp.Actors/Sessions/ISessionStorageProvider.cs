namespace Jstp.Actors.Sessions;

/// <summary>
/// Keeps sessions while no connection holds them (protocol page, 10.7). Calls about one session never overlap; calls about different sessions do.
/// </summary>
public interface ISessionStorageProvider
{
    /// <summary>Returns a session, which is then active again, or null if there is none of that id.</summary>
    ValueTask<SessionSnapshot?> GetAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Stores a session, in place of what was stored under its id.</summary>
    ValueTask SetAsync(SessionSnapshot session, CancellationToken cancellationToken);

    /// <summary>Notes that no connection holds the session from now on; the provider may delete it after a time.</summary>
    ValueTask SetInactiveAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Deletes a session, if it is there.</summary>
    ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken);
}
