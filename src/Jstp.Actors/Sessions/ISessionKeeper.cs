namespace Jstp.Actors.Sessions;

/// <summary>Sees to it that one session outlives its connections and its process. Called inside turns of the session's actor only.</summary>
internal interface ISessionKeeper
{
    /// <summary>Whether the storage is known to be out of reach, so that a release would have to wait for it.</summary>
    bool IsStorageAway { get; }

    /// <summary>Looks for the session; null when there is none. Not called for a session that is there already.</summary>
    ValueTask<Session?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>A connection is about to hold the session.</summary>
    void OnAttached(Session session);

    /// <summary>Something was added to the session while no connection holds it.</summary>
    ValueTask OnChangedAsync(Session session, CancellationToken cancellationToken);

    /// <summary>No connection holds the session any more.</summary>
    ValueTask OnDetachedAsync(Session session, CancellationToken cancellationToken);

    /// <summary>The session is to leave the memory; whoever needs it next reads what is stored now.</summary>
    /// <returns>Whether it may leave: false if it could not be stored and this is the only copy.</returns>
    ValueTask<bool> ReleaseAsync(Session session, CancellationToken cancellationToken);

    /// <summary>The session is over. Completes when nobody can find it any more.</summary>
    ValueTask DeleteAsync(Session? session);

    /// <summary>The session belongs to another node now. What was never written is saved, or at least counted.</summary>
    void OnLost(Session session);
}
