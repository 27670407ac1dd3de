using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

/// <summary>What the <see cref="SessionTaker"/> is told.</summary>
internal abstract record SessionTakerMessage
{
    /// <summary>A session is wanted.</summary>
    public sealed record Take(SessionTakeRequest Request) : SessionTakerMessage;

    /// <summary>Events were left for sessions of this node.</summary>
    public sealed record ReadPosts(IReadOnlyList<long> Keys) : SessionTakerMessage;

    /// <summary>The store was out of reach for a while.</summary>
    public sealed record FindLost(IReadOnlyList<SessionClaim> Claims) : SessionTakerMessage;

    /// <summary>A client has come back to a session that is in memory: it may have another owner by now.</summary>
    /// <param name="Claim">What this node believes to own.</param>
    /// <param name="Find">What the region goes on with, or who is told that the store does not answer.</param>
    public sealed record Confirm(SessionClaim Claim, SessionRegionMessage.Find Find) : SessionTakerMessage;

    /// <summary>What has come in is to be asked for.</summary>
    public sealed record Due : SessionTakerMessage
    {
        public static Due Instance { get; } = new();
    }
}
