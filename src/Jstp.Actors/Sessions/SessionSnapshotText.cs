using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Sessions;

/// <summary>
/// The stored form of a session: JSON with the member names of the reference (protocol page, 10.7), and the application's name. The application's
/// values are MDSF texts, since JSON has no undefined.
/// </summary>
internal static class SessionSnapshotText
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(SessionSnapshot session)
    {
        var output = new ArrayBufferWriter<byte>();

        using (var json = new Utf8JsonWriter(output, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id", session.Id);
            json.WriteString("application", session.Application);
            json.WriteString("username", session.UserName);
            json.WriteNumber("receivedCount", session.ReceivedCount);
            json.WriteNumber("guaranteedDeliveredCount", session.DeliveredCount);
            json.WriteNumber("latestBufferedMessageId", -session.LastMagnitude);
            WriteBuffer(json, session.Messages);
            WriteData(json, session.Data);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static SessionSnapshot Read(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement session = document.RootElement;

            return Checked(new SessionSnapshot
            {
                Id = RequireText(session, "id"),
                Application = RequireText(session, "application"),
                UserName = session.GetProperty("username").GetString(),
                ReceivedCount = session.GetProperty("receivedCount").GetInt64(),
                DeliveredCount = session.GetProperty("guaranteedDeliveredCount").GetInt64(),
                LastMagnitude = Math.Abs(session.GetProperty("latestBufferedMessageId").GetInt64()),
                Messages = [.. session.GetProperty("buffer").EnumerateArray().Select(ReadMessage)],
                Data = session.GetProperty("storage").EnumerateArray().ToDictionary(
                    pair => RequireText(pair[0]), pair => MdsfValue.Parse(RequireText(pair[1])), StringComparer.Ordinal),
            });
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or MdsfException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new FormatException("The text is no stored session: " + exception.Message, exception);
        }
    }

    // A session with counts that contradict each other could never be restored, or would repeat its messages for ever (protocol page, D9).
    private static SessionSnapshot Checked(SessionSnapshot session)
    {
        bool isSound = session.ReceivedCount is >= 0 and <= JstpMessageId.MaxMagnitude
            && session.LastMagnitude <= JstpMessageId.MaxMagnitude
            && session.DeliveredCount >= 0
            && session.DeliveredCount <= session.LastMagnitude;
        long previous = session.DeliveredCount;

        foreach (OutgoingMessage message in session.Messages)
        {
            isSound &= message.Magnitude > previous && message.Magnitude <= session.LastMagnitude;
            previous = message.Magnitude;
        }

        return isSound ? session : throw new FormatException("The text is no stored session: its counts contradict each other.");
    }

    private static void WriteBuffer(Utf8JsonWriter json, IReadOnlyList<OutgoingMessage> messages)
    {
        var message = new ArrayBufferWriter<byte>();
        json.WriteStartArray("buffer");

        foreach (OutgoingMessage buffered in messages)
        {
            message.ResetWrittenCount();
            buffered.WriteTo(message);
            json.WriteStartArray();
            json.WriteNumberValue(buffered.Magnitude);
            json.WriteStringValue(message.WrittenSpan);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteData(Utf8JsonWriter json, IReadOnlyDictionary<string, MdsfValue> data)
    {
        json.WriteStartArray("storage");

        foreach ((string key, MdsfValue value) in data)
        {
            json.WriteStartArray();
            json.WriteStringValue(key);
            json.WriteStringValue(value.ToString());
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    // {event:[-3,'iface'],name:[…]}: kind, id, and the rest, which is kept as it is.
    private static OutgoingMessage ReadMessage(JsonElement pair)
    {
        long magnitude = pair[0].GetInt64();
        byte[] text = Encoding.UTF8.GetBytes(RequireText(pair[1]));

        foreach (OutgoingKind kind in Enum.GetValues<OutgoingKind>())
        {
            ReadOnlySpan<byte> prefix = OutgoingMessage.Prefix(kind);

            if (text.AsSpan().StartsWith(prefix)
                && Utf8Parser.TryParse(text.AsSpan(prefix.Length), out long id, out int idLength)
                && Math.Abs(id) == magnitude)
            {
                return new OutgoingMessage(kind, magnitude, text.AsMemory(prefix.Length + idLength));
            }
        }

        throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Message {magnitude} of the buffer is none that a session keeps."));
    }

    private static string RequireText(JsonElement session, string member) => RequireText(session.GetProperty(member));

    private static string RequireText(JsonElement element) => element.GetString() ?? throw new FormatException("The text is no stored session: a text is null.");
}
