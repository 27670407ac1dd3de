using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

/// <summary>
/// What a client is owed and what is known of it (protocol page, 10.1). Exactly one actor touches it at any time: the connection that holds it,
/// or the session's own actor while no connection does.
/// </summary>
internal sealed class Session
{
    // A count that is further off comes from no node of ours.
    private const long MaxLostMagnitudes = 1_000_000;

    public Session(string id, string applicationName, string? userName, SessionData data)
    {
        Id = id;
        ApplicationName = applicationName;
        UserName = userName;
        Data = data;
    }

    /// <summary>Restores a session that was stored as text. Its requests to the client died with the process that made them.</summary>
    public Session(SessionSnapshot snapshot)
        : this(snapshot.Id, snapshot.Application, snapshot.UserName, new SessionData(snapshot.Data))
    {
        ReceivedCount = snapshot.ReceivedCount;
        DeliveredCount = snapshot.DeliveredCount;
        LastMagnitude = snapshot.LastMagnitude;

        foreach (OutgoingMessage message in snapshot.Messages)
        {
            Buffer.AddRecorded(message);
        }
    }

    /// <summary>Restores a session as it was read from a store by the node that owns it now.</summary>
    public Session(SessionRecord record)
        : this(record.Id, record.Application, record.UserName, new SessionData(record.Data))
    {
        (ReceivedCount, DeliveredCount, LastMagnitude) = record.Counts;
        OpenRequests = new OpenRequests { Owed = record.OpenRequests };
        MayHaveSentMore = record.WasForced;
        StoredAnswers = record.WasForced ? default : record.KeptAnswers; // else they are of a release before

        foreach (OutgoingMessage message in record.Messages)
        {
            Buffer.AddRecorded(message);
            LastMagnitude = Math.Max(LastMagnitude, message.Magnitude);
        }
    }

    public string Id { get; }

    /// <summary>The application it was opened under, and the only one it can be restored under (protocol page, D20).</summary>
    public string ApplicationName { get; }

    /// <summary>Null when anonymous.</summary>
    public string? UserName { get; }

    public SessionData Data { get; }

    /// <summary>The magnitude of the id of the last message that was counted; the last one, not the largest (protocol page, section 4).</summary>
    public long ReceivedCount { get; set; }

    /// <summary>Up to which magnitude the client is known to have everything.</summary>
    public long DeliveredCount { get; private set; }

    /// <summary>The highest magnitude that was ever used for an id of ours.</summary>
    public long LastMagnitude { get; private set; }

    public SendBuffer Buffer { get; } = new();

    /// <summary>What the client has asked and not been answered.</summary>
    public OpenRequests OpenRequests { get; } = new();

    /// <summary>Answers that the client may not have; null where none are kept (protocol page, 10.6).</summary>
    public AnswerLog? Answers { get; set; }

    /// <summary>What the owner before has left of <see cref="Answers"/>.</summary>
    public ReadOnlyMemory<byte> StoredAnswers { get; }

    /// <summary>Writes what changes to the store; null where a provider keeps whole sessions.</summary>
    public SessionTracker? Tracker { get; set; }

    /// <summary>Up to which ordinal the events that others have left in the store are in the buffer.</summary>
    public long CollectedThrough { get; set; }

    /// <summary>
    /// Whether the node that had the session before died, and may have used ids that it had not written. No message gets an id until the client has
    /// said how far it is.
    /// </summary>
    public bool MayHaveSentMore { get; private set; }

    /// <summary>The counts, for the store.</summary>
    public SessionCounts Counts => new(ReceivedCount, DeliveredCount, LastMagnitude);

    /// <summary>Calls and inspects that wait for the client.</summary>
    public PendingRequests Requests { get; } = new();

    /// <summary>Pings that wait for the client. They are not in the buffer, so they do not outlive their connection.</summary>
    public PendingRequests Pings { get; } = new();

    /// <summary>How many connections have held the session; running calls remember under which one they came.</summary>
    public int Generation { get; private set; }

    /// <summary>Answers to calls of earlier generations are discarded, as the client has given their ids to new calls (protocol page, 10.6, rule 3).</summary>
    public int OldestAnswerableGeneration { get; private set; }

    /// <summary>Connections in a row that ended by a fault of the client without having moved <see cref="ReceivedCount"/> (protocol page, D23).</summary>
    public int FruitlessConnections { get; set; }

    /// <summary>Takes the next id of the server: ids descend, and none is ever used twice (protocol page, D1).</summary>
    public long NextMagnitude() => ++LastMagnitude;

    /// <summary>Gives a new message its id and keeps it until the client has it.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="tail">The text behind its id.</param>
    /// <param name="isPost">See <see cref="OutgoingMessage.IsPost"/>.</param>
    /// <param name="isShared">Whether other sessions keep the same text.</param>
    public OutgoingMessage Append(OutgoingKind kind, ReadOnlyMemory<byte> tail, bool isPost = false, bool isShared = false) =>
        Buffer.Add(new OutgoingMessage(kind, NextMagnitude(), tail) { IsPost = isPost }, isShared);

    /// <summary>
    /// Notes what a callback or pong proves: the client has every message up to the one it answers. An id that was never issued proves nothing
    /// (protocol page, D8).
    /// </summary>
    /// <param name="id">The id as it came, with its sign.</param>
    /// <returns>The magnitude of the id, or 0 when no message of ours ever had it.</returns>
    public long Acknowledge(long id)
    {
        if (id >= 0 || -id > LastMagnitude)
        {
            return 0;
        }

        Deliver(-id);
        Answers?.Prove(-id);

        return -id;
    }

    /// <summary>A connection takes the session up, for the first time or again.</summary>
    public void BeginGeneration() => Generation++;

    /// <summary>Steps 1 and 2 of a restore (protocol page, 10.3). A count above what was ever sent is capped, else later messages would never be released.</summary>
    public void Restore(long clientCount)
    {
        if (MayHaveSentMore)
        {
            // An id that the client knows already would make it acknowledge the message that gets it now, without having it.
            MayHaveSentMore = false;
            LastMagnitude = clientCount <= LastMagnitude + MaxLostMagnitudes ? Math.Max(LastMagnitude, clientCount) : LastMagnitude;
        }

        long delivered = Math.Min(clientCount, LastMagnitude);
        Deliver(delivered);
        Requests.FailThrough(DeliveredCount); // what was acknowledged before is not sent again either, whatever the client claims now
        Pings.FailAll();
        Answers?.BeginConnection(); // what the client says of itself now proves no answer: there are clients that count something else
    }

    /// <summary>Leaves out all ids that may have been used of which the store knows nothing, where the client's count cannot be waited for.</summary>
    public void SkipUncertainMagnitudes()
    {
        if (MayHaveSentMore)
        {
            MayHaveSentMore = false;
            LastMagnitude += MaxLostMagnitudes;
        }
    }

    /// <summary>The client uses ids again that it used before: nothing that is still running may answer under them.</summary>
    public void DiscardEarlierAnswers() => OldestAnswerableGeneration = Generation;

    public SessionSnapshot Export() => new()
    {
        Id = Id,
        Application = ApplicationName,
        UserName = UserName,
        ReceivedCount = ReceivedCount,
        DeliveredCount = DeliveredCount,
        LastMagnitude = LastMagnitude,
        Messages = [.. Buffer.Messages],
        Data = Data.Export(),
    };

    private void Deliver(long magnitude)
    {
        Buffer.ReleaseThrough(magnitude);
        DeliveredCount = Math.Max(DeliveredCount, magnitude);
    }
}
