using Jstp.Actors.Kernel;

namespace Jstp.Actors.Sessions;

/// <summary>A session that a handshake found or opened.</summary>
/// <param name="Actor">Its actor, to attach to.</param>
/// <param name="UserName">Whose session it is; null when anonymous.</param>
internal sealed record SessionLookup(ActorRef<SessionMessage> Actor, string? UserName);
