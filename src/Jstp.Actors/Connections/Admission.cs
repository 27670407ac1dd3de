using Jstp.Actors.Applications;
using Jstp.Actors.Kernel;
using Jstp.Actors.Sessions;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

/// <summary>A client whose handshake was decided well: what its connection starts with.</summary>
/// <param name="Channel">The transport, with whatever was sent behind the handshake still in it.</param>
/// <param name="Application">The application and version that it asked for.</param>
/// <param name="RequestedVersion">How it asked.</param>
/// <param name="Session">The actor of its session.</param>
/// <param name="RestoredCount">The received count that it restores with; null when the session is new.</param>
internal sealed record Admission(
    MessageChannel Channel,
    JstpApplication Application,
    VersionRequest RequestedVersion,
    ActorRef<SessionMessage> Session,
    long? RestoredCount);
