namespace Jstp.Actors.Persistence;

/// <summary>An event for a session, from a node that need not own it.</summary>
/// <param name="SessionId">The session id.</param>
/// <param name="Tail">The text of the event behind its id, as in <see cref="Sessions.OutgoingMessage.Tail"/>.</param>
/// <param name="Origin">
/// Set where the event was a message of the session already, under an epoch that has been ended by force: it is left only if that message was not written
/// before, and only once, however often it is tried. Null for events that are new.
/// </param>
public readonly record struct SessionPost(string SessionId, ReadOnlyMemory<byte> Tail, MessageOrigin? Origin = null);
