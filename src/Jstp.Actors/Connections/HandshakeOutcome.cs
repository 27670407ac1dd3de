using Jstp.Actors.Applications;
using Jstp.Actors.Sessions;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

/// <summary>What a handshake led to.</summary>
internal abstract record HandshakeOutcome
{
    /// <summary>The client is refused and told why.</summary>
    public sealed record Refused(JstpError Error) : HandshakeOutcome;

    /// <summary>Nothing can be decided, as the session store cannot be asked. The connection is closed without an answer, so that the client comes again.</summary>
    public sealed record Unavailable : HandshakeOutcome
    {
        public static Unavailable Instance { get; } = new();
    }

    /// <summary>The client is welcome.</summary>
    /// <param name="Application">What serves it.</param>
    /// <param name="RequestedVersion">How it asked for that.</param>
    /// <param name="Session">Its session.</param>
    /// <param name="RestoredCount">The count it restores with; null for a new session.</param>
    public sealed record Accepted(JstpApplication Application, VersionRequest RequestedVersion, SessionLookup Session, long? RestoredCount)
        : HandshakeOutcome;
}
