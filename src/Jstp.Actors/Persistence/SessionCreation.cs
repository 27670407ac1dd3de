namespace Jstp.Actors.Persistence;

/// <summary>What never changes in a session.</summary>
/// <param name="Id">The session id, which is a secret.</param>
/// <param name="Application">The name of the application that it belongs to.</param>
/// <param name="UserName">The user's name; null when anonymous.</param>
/// <param name="Owner">The number of the node that opened it. Its epoch is that of the change, 1.</param>
public sealed record SessionCreation(string Id, string Application, string? UserName, int Owner);
