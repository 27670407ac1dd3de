namespace Jstp.Actors.Persistence;

/// <summary>A session that a node believes to own.</summary>
/// <param name="Key">The session.</param>
/// <param name="Epoch">The epoch under which it owns it.</param>
public readonly record struct SessionClaim(long Key, long Epoch);
