using Jstp.Actors.Applications;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Sessions;

/// <summary>What a <see cref="SessionRegion"/> is told.</summary>
internal abstract record SessionRegionMessage
{
    /// <summary>Opens a new session.</summary>
    public sealed record Open(JstpApplication Application, string? UserName, ReplyTo<SessionLookup?> Reply) : SessionRegionMessage;

    /// <summary>Finds a session, in memory or in the storage; answers null when there is none for the application.</summary>
    public sealed record Find(string Id, JstpApplication Application, ReplyTo<SessionLookup?> Reply) : SessionRegionMessage;
}
