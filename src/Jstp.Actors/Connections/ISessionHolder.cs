namespace Jstp.Actors.Connections;

/// <summary>The actor that holds a session at present: its connection, or the session's own actor while there is none.</summary>
internal interface ISessionHolder
{
    /// <summary>Whether the calling thread is inside a turn of the holder, so that it may carry requests out at once.</summary>
    bool IsCurrent { get; }

    /// <summary>
    /// Whether the holder keeps what is sent, as the client is away, and may wait for a storage with it: then what is in the outbox is bounded as what is
    /// unacknowledged.
    /// </summary>
    bool BoundsOutbox { get; }

    /// <summary>Carries out what is in the outbox, then <paramref name="item"/>. Only while <see cref="IsCurrent"/>.</summary>
    void Handle(OutboxItem item);

    /// <summary>Schedules a turn that empties the outbox. From any thread.</summary>
    void NotifyOutbox();
}
