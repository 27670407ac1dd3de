using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Sessions;

/// <summary>A session as it is stored: everything that a client is owed, at one moment. Immutable.</summary>
public sealed class SessionSnapshot
{
    internal SessionSnapshot()
    {
    }

    /// <summary>The session id, which is a secret.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the application that the session belongs to.</summary>
    public required string Application { get; init; }

    /// <summary>The user's name; null when anonymous.</summary>
    public required string? UserName { get; init; }

    /// <summary>The number of the last message that was received (protocol page, 10.1).</summary>
    public required long ReceivedCount { get; init; }

    /// <summary>Up to which number the client is known to have everything.</summary>
    public required long DeliveredCount { get; init; }

    /// <summary>The highest number that was used for a message to the client.</summary>
    public required long LastMagnitude { get; init; }

    /// <summary>The application's own values.</summary>
    public required IReadOnlyDictionary<string, MdsfValue> Data { get; init; }

    /// <summary>Messages that the client may not have, oldest first.</summary>
    internal IReadOnlyList<OutgoingMessage> Messages { get; init; } = [];

    /// <summary>Writes the session as the reference's <c>Session.toString</c> does, with the application's name added.</summary>
    public override string ToString() => SessionSnapshotText.Write(this);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no session.</exception>
    public static SessionSnapshot Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        return SessionSnapshotText.Read(text);
    }
}
