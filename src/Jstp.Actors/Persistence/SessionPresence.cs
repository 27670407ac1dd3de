namespace Jstp.Actors.Persistence;

/// <summary>A session, and where its client is.</summary>
/// <param name="SessionId">The session id, which is a secret.</param>
/// <param name="Application">The application's name.</param>
/// <param name="UserName">The user's name; null when anonymous.</param>
/// <param name="Owner">The number of the living node that owns it; null for nobody.</param>
/// <param name="IsConnected">Whether a client is connected to that node.</param>
public sealed record SessionPresence(string SessionId, string Application, string? UserName, int? Owner, bool IsConnected);
