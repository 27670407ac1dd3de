namespace Jstp.Client.Sessions;

/// <summary>
/// A session as a client knows it (protocol page, 10.1), to be stored and resumed by another run of the program. It holds the session id, which is a bearer
/// secret: store it as carefully as a password.
/// </summary>
public sealed class JstpSessionState
{
    internal JstpSessionState(
        string application, string id, long receivedCount, long deliveredCount, long lastId, IReadOnlyList<KeyValuePair<long, string>> messages)
    {
        Application = application;
        Id = id;
        ReceivedCount = receivedCount;
        DeliveredCount = deliveredCount;
        LastId = lastId;
        Messages = messages;
    }

    /// <summary>The name of the application that the session belongs to.</summary>
    public string Application { get; }

    /// <summary>The session id.</summary>
    public string Id { get; }

    /// <summary>The magnitude of the last message id that came from the server.</summary>
    public long ReceivedCount { get; }

    /// <summary>Up to which id the server is known to have everything.</summary>
    public long DeliveredCount { get; }

    /// <summary>The last id that was used.</summary>
    public long LastId { get; }

    /// <summary>The messages that the server may not have, by id.</summary>
    internal IReadOnlyList<KeyValuePair<long, string>> Messages { get; }

    /// <summary>Reads what <see cref="ToString"/> gave.</summary>
    /// <exception cref="FormatException">The text is no stored session.</exception>
    public static JstpSessionState Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        return SessionStateText.Read(text);
    }

    /// <summary>The session as JSON, with the member names of the reference (protocol page, 10.7).</summary>
    public override string ToString() => SessionStateText.Write(this);
}
