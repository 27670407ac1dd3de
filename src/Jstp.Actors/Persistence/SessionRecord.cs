using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Persistence;

/// <summary>A session as it was read by the node that owns it now.</summary>
public sealed record SessionRecord
{
    /// <summary>The number under which the store keeps it; no other session ever had it.</summary>
    public required long Key { get; init; }

    /// <summary>The epoch of its present owner, which every write must carry.</summary>
    public required long Epoch { get; init; }

    /// <summary>The session id, which is a secret.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the application that it belongs to.</summary>
    public required string Application { get; init; }

    /// <summary>The user's name; null when anonymous.</summary>
    public required string? UserName { get; init; }

    /// <summary>The counts of both directions.</summary>
    public required SessionCounts Counts { get; init; }

    /// <summary>The application's own values.</summary>
    public required IReadOnlyDictionary<string, MdsfValue> Data { get; init; }

    /// <summary>Messages that the client may not have, oldest first: above <see cref="SessionCounts.Delivered"/>.</summary>
    public required IReadOnlyList<OutgoingMessage> Messages { get; init; }

    /// <summary>What the client has asked and was not answered, as far as it was written.</summary>
    public required IReadOnlyList<OpenRequest> OpenRequests { get; init; }

    /// <summary>What <see cref="SessionChange.KeptAnswers"/> was last. It is out of date where <see cref="WasForced"/>.</summary>
    public required ReadOnlyMemory<byte> KeptAnswers { get; init; }

    /// <summary>Events that others have left for it and that are not among <see cref="Messages"/> yet, oldest first.</summary>
    public required IReadOnlyList<StoredPost> Posts { get; init; }

    /// <summary>Whether the owner before did not let go of it: it died, or was cut off. What it had not written is not here.</summary>
    public required bool WasForced { get; init; }
}
