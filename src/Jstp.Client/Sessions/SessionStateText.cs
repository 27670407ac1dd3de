using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Sessions;

/// <summary>The stored form of a client's session: JSON with the member names of the reference (protocol page, 10.7), and the application's name.</summary>
internal static class SessionStateText
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JstpSessionState session)
    {
        var output = new ArrayBufferWriter<byte>();

        using (var json = new Utf8JsonWriter(output, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id", session.Id);
            json.WriteString("application", session.Application);
            json.WriteNumber("receivedCount", session.ReceivedCount);
            json.WriteNumber("guaranteedDeliveredCount", session.DeliveredCount);
            json.WriteNumber("latestBufferedMessageId", session.LastId);
            json.WriteStartArray("buffer");

            foreach ((long id, string text) in session.Messages)
            {
                json.WriteStartArray();
                json.WriteNumberValue(id);
                json.WriteStringValue(text);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static JstpSessionState Read(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement session = document.RootElement;

            return Checked(new JstpSessionState(
                RequireText(session.GetProperty("application")),
                RequireText(session.GetProperty("id")),
                session.GetProperty("receivedCount").GetInt64(),
                session.GetProperty("guaranteedDeliveredCount").GetInt64(),
                session.GetProperty("latestBufferedMessageId").GetInt64(),
                [.. session.GetProperty("buffer").EnumerateArray().Select(pair => KeyValuePair.Create(pair[0].GetInt64(), RequireText(pair[1])))]));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            throw new FormatException("The text is no stored session: " + exception.Message, exception);
        }
    }

    private static string RequireText(JsonElement element) =>
        element.GetString() is { Length: > 0 } text ? text : throw new FormatException("The text is no stored session: a text is missing.");

    // Counts that contradict each other would lose messages, or repeat them for ever (protocol page, D9).
    private static JstpSessionState Checked(JstpSessionState session)
    {
        bool isSound = session.ReceivedCount is >= 0 and <= JstpMessageId.MaxMagnitude
            && session.LastId is >= 0 and <= JstpMessageId.MaxMagnitude
            && session.DeliveredCount >= 0
            && session.DeliveredCount <= session.LastId;
        long previous = session.DeliveredCount;

        foreach ((long id, _) in session.Messages)
        {
            isSound &= id > previous && id <= session.LastId;
            previous = id;
        }

        return isSound ? session : throw new FormatException("The text is no stored session: its counts contradict each other.");
    }
}
