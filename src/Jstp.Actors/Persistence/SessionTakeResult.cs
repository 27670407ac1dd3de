namespace Jstp.Actors.Persistence;

/// <summary>What became of a request for a session.</summary>
/// <param name="Id">The id that was asked for.</param>
/// <param name="Record">The session, if it is the node's now.</param>
/// <param name="Owner">The number of the living node that owns it; null when it was taken or does not exist.</param>
public readonly record struct SessionTakeResult(string Id, SessionRecord? Record, int? Owner);
