namespace Jstp.Actors.Persistence;

/// <summary>An event for a session, from a node that need not own it.</summary>
/// <param name="SessionId">The session id.</param>
/// <param name="Tail">The text of the event behind its id, as in <see cref="Sessions.OutgoingMessage.Tail"/>.</param>
public readonly record struct SessionPost(string SessionId, ReadOnlyMemory<byte> Tail);
