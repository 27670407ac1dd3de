using System.Globalization;
using System.Text;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>
/// The payload of a notification: <c>3:17:text</c>, or <c>3:17!</c> where the text lies in a table. The number in the middle makes payloads different, as
/// PostgreSQL delivers equal ones of a transaction once.
/// </summary>
/// <param name="Sender">The number of the node that says it.</param>
/// <param name="Sequence">Which of its messages it is.</param>
/// <param name="Text">The text; null where it lies in the table.</param>
internal readonly record struct BusNotification(int Sender, long Sequence, ReadOnlyMemory<byte>? Text)
{
    // A payload must be shorter than 8,000 bytes, and the numbers and marks before the text take 33 at most.
    private const int MaxTextLength = 7900;

    private const char TextMark = ':';
    private const char TableMark = '!';

    public static bool IsTooLong(ReadOnlyMemory<byte> text) => text.Length > MaxTextLength;

    public string Format() => Text is { } text
        ? string.Create(CultureInfo.InvariantCulture, $"{Sender}:{Sequence}{TextMark}{Encoding.UTF8.GetString(text.Span)}")
        : string.Create(CultureInfo.InvariantCulture, $"{Sender}:{Sequence}{TableMark}");

    /// <returns>Whether the payload is one of ours: anybody may notify on any channel.</returns>
    public static bool TryParse(string payload, out BusNotification notification)
    {
        notification = default;
        int colon = payload.IndexOf(TextMark, StringComparison.Ordinal);
        int mark = colon < 0 ? -1 : payload.AsSpan(colon + 1).IndexOfAny(TextMark, TableMark);

        if (mark < 0
            || !int.TryParse(payload.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int sender)
            || !long.TryParse(payload.AsSpan(colon + 1, mark), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence))
        {
            return false;
        }

        int textStart = colon + 1 + mark + 1;
        bool isHere = payload[textStart - 1] == TextMark;
        notification = new BusNotification(sender, sequence, isHere ? Encoding.UTF8.GetBytes(payload[textStart..]) : (ReadOnlyMemory<byte>?)null);
        return true;
    }
}
