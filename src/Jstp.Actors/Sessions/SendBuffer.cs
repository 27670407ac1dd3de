using System.Diagnostics;

namespace Jstp.Actors.Sessions;

/// <summary>
/// The sent messages that the client may not have, oldest first. Ids in it only grow, so an acknowledgement cuts a prefix off and costs what it
/// releases, however large the number that a client sends (protocol page, D8).
/// </summary>
internal sealed class SendBuffer
{
    private Queue<OutgoingMessage>? _messages; // a session that sent nothing yet has none

    /// <summary>How many messages wait for their acknowledgement.</summary>
    public int Count => _messages?.Count ?? 0;

    /// <summary>How many bytes of text wait for their acknowledgement.</summary>
    public long Length { get; private set; }

    /// <summary>Adds the newest message.</summary>
    public void Add(OutgoingMessage message)
    {
        _messages ??= new Queue<OutgoingMessage>();
        _messages.Enqueue(message);
        Length += message.Tail.Length;
    }

    /// <summary>Releases every message up to and including <paramref name="magnitude"/>.</summary>
    public void ReleaseThrough(long magnitude)
    {
        while (_messages is { Count: > 0 } && _messages.Peek().Magnitude <= magnitude)
        {
            Length -= _messages.Dequeue().Tail.Length;
        }

        Debug.Assert(Count > 0 || Length == 0, "An empty buffer holds no bytes.");
    }

    /// <summary>Enumerates the messages in the order of their creation.</summary>
    public IEnumerable<OutgoingMessage> Messages => _messages ?? Enumerable.Empty<OutgoingMessage>();
}
