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

    /// <summary>What has come in is to be asked for.</summary>
    public sealed record Due : SessionTakerMessage
    {
        public static Due Instance { get; } = new();
    }
}
