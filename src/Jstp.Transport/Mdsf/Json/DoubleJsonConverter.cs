using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>
/// Converts numbers that may be NaN or infinite: they are written as null and read as <see cref="JsonTranscoder"/> spells them.
/// </summary>
/// <param name="handling">What a member's <see cref="JsonNumberHandlingAttribute"/> asks for, instead of what the options ask for.</param>
internal sealed class DoubleJsonConverter<T>(JsonNumberHandling? handling = null) : JsonConverter<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.ValueSpan.SequenceEqual(JsonTranscoder.NaN)
                ? T.NaN
                : T.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        return reader.TokenType == JsonTokenType.String
            && Handling(options).HasFlag(JsonNumberHandling.AllowReadingFromString)
            && T.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out T value)
            ? value
            : throw new JsonException("Expected a number.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        string text = value.ToString(null, CultureInfo.InvariantCulture);

        if (Handling(options).HasFlag(JsonNumberHandling.WriteAsString))
        {
            writer.WriteStringValue(text);
        }
        else if (T.IsFinite(value))
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private JsonNumberHandling Handling(JsonSerializerOptions options) => handling ?? options.NumberHandling;
}
