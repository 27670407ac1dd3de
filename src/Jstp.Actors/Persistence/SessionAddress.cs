namespace Jstp.Actors.Persistence;

/// <summary>Where a session is.</summary>
/// <param name="Key">The session.</param>
/// <param name="Owner">The number of the node that owns it; null for nobody. It may be dead.</param>
public readonly record struct SessionAddress(long Key, int? Owner);
