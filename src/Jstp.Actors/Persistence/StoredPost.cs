namespace Jstp.Actors.Persistence;

/// <summary>An event that was left for a session.</summary>
/// <param name="Key">The session.</param>
/// <param name="Ordinal">Its place among the events that were left for this session; above 0, rising.</param>
/// <param name="Tail">The text of the event behind its id.</param>
public readonly record struct StoredPost(long Key, long Ordinal, ReadOnlyMemory<byte> Tail);
