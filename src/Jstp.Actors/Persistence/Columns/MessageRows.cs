using Jstp.Actors.Sessions;

namespace Jstp.Actors.Persistence.Columns;

/// <summary>
/// Packs messages into rows and back. What a row costs a database, its place in an index and its deletion, is more than what short messages cost, so those
/// that a session has in one batch share rows. A pack has for each message its kind in one byte, the distance of its magnitude to the one before (to 0 for
/// the first) and the length of its text as numbers of seven bits a byte, the lowest first, and the text.
/// </summary>
internal static class MessageRows
{
    /// <summary>The kind of a row that has several messages.</summary>
    public const short PackedKind = 100;

    // Two rows fit a page of PostgreSQL, which keeps them out of its store for large values (postgresql-0003.sql).
    private const int MaxPackLength = 3800;
    private const int MaxHeaderLength = 1 + 10 + 5;

    /// <summary>Adds the rows of messages to a list.</summary>
    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="after">Only those above this magnitude.</param>
    /// <param name="rows">The list.</param>
    public static void Pack(IReadOnlyList<OutgoingMessage> messages, long after, ICollection<MessageRow> rows)
    {
        int start = 0;

        while (start < messages.Count && messages[start].Magnitude <= after)
        {
            start++;
        }

        while (start < messages.Count)
        {
            int end = EndOfPack(messages, start);
            rows.Add(end - start == 1 ? PlainRow(messages[start]) : PackedRow(messages, start, end));
            start = end;
        }
    }

    /// <summary>Adds the messages of a row to a list.</summary>
    /// <param name="row">The row.</param>
    /// <param name="after">Only those above this magnitude: of a pack, the client may have some.</param>
    /// <param name="messages">The list.</param>
    public static void Unpack(in MessageRow row, long after, ICollection<OutgoingMessage> messages)
    {
        if (row.Kind != PackedKind)
        {
            Add(new OutgoingMessage((OutgoingKind)row.Kind, row.Magnitude, row.Tail));

            return;
        }

        ReadOnlyMemory<byte> rest = row.Tail;
        long magnitude = 0;

        while (!rest.IsEmpty)
        {
            var kind = (OutgoingKind)rest.Span[0];
            rest = rest[1..];
            magnitude += ReadNumber(ref rest);
            int length = (int)ReadNumber(ref rest);
            Add(new OutgoingMessage(kind, magnitude, rest[..length]));
            rest = rest[length..];
        }

        void Add(OutgoingMessage message)
        {
            if (message.Magnitude > after)
            {
                messages.Add(message);
            }
        }
    }

    private static int EndOfPack(IReadOnlyList<OutgoingMessage> messages, int start)
    {
        int length = 0;
        int end = start;

        do
        {
            length += MaxHeaderLength + messages[end].Tail.Length;
            end++;
        }
        while (end < messages.Count && length + MaxHeaderLength + messages[end].Tail.Length <= MaxPackLength);

        return end;
    }

    private static MessageRow PlainRow(in OutgoingMessage message) => new((short)message.Kind, message.Magnitude, message.Tail);

    private static MessageRow PackedRow(IReadOnlyList<OutgoingMessage> messages, int start, int end)
    {
        Span<byte> pack = stackalloc byte[MaxPackLength];
        int length = 0;
        long magnitude = 0;

        for (int i = start; i < end; i++)
        {
            OutgoingMessage message = messages[i];
            pack[length++] = (byte)message.Kind;
            length += WriteNumber(pack[length..], message.Magnitude - magnitude);
            length += WriteNumber(pack[length..], message.Tail.Length);
            message.Tail.Span.CopyTo(pack[length..]);
            length += message.Tail.Length;
            magnitude = message.Magnitude;
        }

        return new MessageRow(PackedKind, magnitude, pack[..length].ToArray());
    }

    private static int WriteNumber(Span<byte> target, long number)
    {
        int length = 0;

        for (; number >= 0x80; number >>= 7)
        {
            target[length++] = (byte)(number | 0x80);
        }

        target[length++] = (byte)number;

        return length;
    }

    private static long ReadNumber(ref ReadOnlyMemory<byte> source)
    {
        ReadOnlySpan<byte> span = source.Span;
        long number = 0;
        int length = 0;

        do
        {
            number |= (long)(span[length] & 0x7F) << (7 * length);
        }
        while (span[length++] >= 0x80);

        source = source[length..];

        return number;
    }
}
