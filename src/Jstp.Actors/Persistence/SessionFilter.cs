namespace Jstp.Actors.Persistence;

/// <summary>Which sessions to list. What is null restricts nothing.</summary>
/// <param name="Application">The application's name.</param>
/// <param name="UserName">The user's name.</param>
/// <param name="SessionId">The session's id.</param>
/// <param name="IsConnected">Whether a client is connected.</param>
public readonly record struct SessionFilter(string? Application = null, string? UserName = null, string? SessionId = null, bool? IsConnected = null);
