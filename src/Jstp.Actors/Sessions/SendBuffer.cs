using System.Diagnostics;

namespace Jstp.Actors.Sessions;

/// <summary>
/// The sent messages that the client may not have, oldest first. Ids in it only grow, so an acknowledgement cuts a prefix off and costs what it
/// releases, however large the number that a client sends (protocol page, D8).
/// </summary>
/// <remarks>
/// Messages wait long enough to survive garbage collections, and what these cost is the number of objects that survive. So short texts are copied into
/// chunks: arrays that many of them share. No part of a chunk is used twice, so whoever else holds a message, such as the journal, may keep it.
/// </remarks>
internal sealed class SendBuffer
{
    private const int MinCapacity = 4;
    private const int MinChunkLength = 128;
    private const int MaxChunkLength = 4096;
    private const int MaxChunkTextLength = 1024; // a longer one would waste much of the chunk before it

    private OutgoingMessage[] _ring = []; // a session that sent nothing yet has none; the length is a power of two
    private int _first;
    private Memory<byte> _chunk; // the free rest of the newest one

    /// <summary>How many messages wait for their acknowledgement.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes of text wait for their acknowledgement.</summary>
    public long Length { get; private set; }

    /// <summary>How many of the newest messages were not recorded for the session's store yet.</summary>
    public int UnrecordedCount { get; private set; }

    /// <summary>Enumerates the messages in the order of their creation.</summary>
    public IEnumerable<OutgoingMessage> Messages => Enumerable.Range(0, Count).Select(At);

    /// <summary>Adds the newest message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isShared">Whether the text is kept by others too, so that a copy of it would be one more instead of a better one.</param>
    /// <returns>The message as it is kept.</returns>
    public OutgoingMessage Add(OutgoingMessage message, bool isShared)
    {
        if (!isShared && message.Tail.Length <= MaxChunkTextLength)
        {
            message = message with { Tail = Copy(message.Tail.Span) };
        }

        AddRecorded(message);
        UnrecordedCount++;

        return message;
    }

    /// <summary>Adds the newest message, which came from the session's store.</summary>
    public void AddRecorded(OutgoingMessage message)
    {
        Debug.Assert(UnrecordedCount == 0 || Count >= UnrecordedCount, "What is not recorded is in the buffer.");

        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + Count) & (_ring.Length - 1)] = message;
        Count++;
        Length += message.Tail.Length;
    }

    /// <summary>Releases every message up to and including <paramref name="magnitude"/>.</summary>
    public void ReleaseThrough(long magnitude)
    {
        while (Count > 0 && _ring[_first].Magnitude <= magnitude)
        {
            Length -= _ring[_first].Tail.Length;
            _ring[_first] = default;
            _first = (_first + 1) & (_ring.Length - 1);
            Count--;
        }

        if (Count == 0)
        {
            _chunk = default; // a session that is owed nothing holds no room for texts
        }

        UnrecordedCount = Math.Min(UnrecordedCount, Count);
        Debug.Assert(Count > 0 || Length == 0, "An empty buffer holds no bytes.");
    }

    /// <summary>Copies the messages that were not recorded yet to the end of a list, and counts them as recorded.</summary>
    public void Record(List<OutgoingMessage> target)
    {
        target.EnsureCapacity(target.Count + UnrecordedCount);

        for (int i = Count - UnrecordedCount; i < Count; i++)
        {
            target.Add(At(i));
        }

        UnrecordedCount = 0;
    }

    private ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> text)
    {
        if (_chunk.Length < text.Length)
        {
            // As long as all that waits, within bounds: a session that is owed little takes little room.
            _chunk = new byte[Math.Max(text.Length, Math.Clamp(Length, MinChunkLength, MaxChunkLength))];
        }

        Memory<byte> copy = _chunk[..text.Length];
        _chunk = _chunk[text.Length..];
        text.CopyTo(copy.Span);

        return copy;
    }

    private OutgoingMessage At(int index) => _ring[(_first + index) & (_ring.Length - 1)];

    private void Grow()
    {
        var ring = new OutgoingMessage[Math.Max(MinCapacity, 2 * _ring.Length)];

        for (int i = 0; i < Count; i++)
        {
            ring[i] = At(i);
        }

        _ring = ring;
        _first = 0;
    }
}
