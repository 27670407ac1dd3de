using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>Keeps unpaired surrogates, which JSON can only spell as escapes and System.Text.Json neither reads nor writes.</summary>
internal sealed class StringJsonConverter : JsonConverter<string?>
{
    public static void WriteString(Utf8JsonWriter writer, string value)
    {
        if (!value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            writer.WriteStringValue(value);
            return;
        }

        var text = new StringBuilder("\"");

        foreach (char unit in value)
        {
            text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        writer.WriteRawValue(text.Append('"').ToString(), skipInputValidation: true);
    }

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("Expected a string.");
        }

        if (!reader.ValueIsEscaped)
        {
            return reader.GetString();
        }

        // JSON's escapes are among MDSF's and mean the same there.
        char[] text = new char[reader.ValueSpan.Length];
        return new string(text, 0, MdsfEscapes.Decode(reader.ValueSpan, text));
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => WriteString(writer, value!);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value!);
}
