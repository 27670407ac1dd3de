using System.Text.Json;
using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf.Converters;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>Gives values that travel as strings the same text inside of a user's type as outside.</summary>
internal sealed class TextJsonConverter<T>(TextConverter<T> text) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()!) : throw new JsonException($"Expected a {typeof(T).Name}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(text.Format(value));

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(text.Format(value));

    private T Parse(string value) => text.TryParse(value, out T result) ? result : throw new JsonException($"Expected a {typeof(T).Name}.");
}
