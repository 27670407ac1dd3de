using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Persistence;

/// <summary>What has changed in one session since its last change was written. What is null is as it was.</summary>
public sealed record SessionChange
{
    /// <summary>The session.</summary>
    public required long Key { get; init; }

    /// <summary>The epoch under which the writer owns it.</summary>
    public required long Epoch { get; init; }

    /// <summary>Set once, by the first change of a new session.</summary>
    public SessionCreation? Creation { get; init; }

    /// <summary>
    /// The counts. Null where nothing but <see cref="Appended"/> has moved: the last magnitude is never below that of a message that is there, so appending
    /// need not touch the session itself.
    /// </summary>
    public SessionCounts? Counts { get; init; }

    /// <summary>New messages to the client, oldest first; each magnitude is above all that were written before.</summary>
    public IReadOnlyList<OutgoingMessage> Appended { get; init; } = [];

    /// <summary>
    /// Up to which magnitude messages are deleted, as the client has them; 0 for none. Never above <see cref="SessionCounts.Delivered"/>, which alone decides
    /// what is read: a store may keep what it deletes later.
    /// </summary>
    public long ReleasedThrough { get; init; }

    /// <summary>All of the application's values.</summary>
    public IReadOnlyDictionary<string, MdsfValue>? Data { get; init; }

    /// <summary>All open requests.</summary>
    public IReadOnlyList<OpenRequest>? OpenRequests { get; init; }

    /// <summary>
    /// The requests whose answers the client may not have, in a form that is the session's own business; written when its owner lets go of it.
    /// </summary>
    public ReadOnlyMemory<byte>? KeptAnswers { get; init; }

    /// <summary>Up to which ordinal the events that others left are among <see cref="Appended"/> now and can be deleted; 0 for none.</summary>
    public long CollectedThrough { get; init; }

    /// <summary>What becomes of the session besides.</summary>
    public SessionTransition Transition { get; init; }
}
