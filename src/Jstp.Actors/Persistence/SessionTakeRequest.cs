namespace Jstp.Actors.Persistence;

/// <summary>Asks for a session.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Force">Whether to take it from a living owner, too: one that was asked to let go and did not answer. Fencing makes that safe.</param>
public readonly record struct SessionTakeRequest(string Id, bool Force = false);
