using System.Text.Json;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>Carries values between MDSF and JSON, which has neither undefined nor NaN nor infinities.</summary>
/// <remarks>
/// NaN becomes a JSON number that no writer produces, and <see cref="DoubleJsonConverter{T}"/> knows it again; the infinities overflow.
/// Undefined members are left out, other undefineds become null.
/// </remarks>
internal static class JsonTranscoder
{
    /// <summary>The JSON number that stands for NaN: a negative zero, though with an exponent.</summary>
    public static ReadOnlySpan<byte> NaN => "-0e999"u8;

    private static ReadOnlySpan<byte> PositiveInfinity => "1e999"u8;

    private static ReadOnlySpan<byte> NegativeInfinity => "-1e999"u8;

    /// <summary>Writes the value that the reader stands at as JSON, and leaves the reader on its last token.</summary>
    public static void ToJson(ref MdsfReader reader, Utf8JsonWriter writer)
    {
        int outer = writer.CurrentDepth;

        do
        {
            WriteToken(ref reader, writer);
        }
        while (writer.CurrentDepth > outer && reader.Read());
    }

    /// <summary>Writes a JSON value as MDSF.</summary>
    /// <exception cref="MdsfConversionException">The value has more than 512 levels, or a number that a double does not hold.</exception>
    public static void ToMdsf(ReadOnlySpan<byte> json, ref MdsfWriter writer)
    {
        // Every JSON text is an MDSF text with the same meaning. This one is our own, so the limits for peers do not apply.
        var reader = new MdsfReader(json, new MdsfReaderOptions { MaxDepth = int.MaxValue, MaxValueCount = int.MaxValue });

        while (reader.Read())
        {
            WriteToken(ref reader, ref writer);
        }
    }

    private static void WriteToken(ref MdsfReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case MdsfTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case MdsfTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case MdsfTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case MdsfTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case MdsfTokenType.PropertyName:
                WriteMember(ref reader, writer);
                break;
            case MdsfTokenType.String:
                WriteString(in reader, writer);
                break;
            case MdsfTokenType.Number:
                WriteNumber(in reader, writer);
                break;
            case MdsfTokenType.True or MdsfTokenType.False:
                writer.WriteBooleanValue(reader.GetBoolean());
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteMember(ref MdsfReader reader, Utf8JsonWriter writer)
    {
        string? decoded = reader.HasEscapes ? reader.GetString() : null;
        ReadOnlySpan<byte> name = reader.ValueSpan;
        bool isPrototype = reader.ValueTextEquals("__proto__"u8);
        reader.Read();

        if (isPrototype)
        {
            reader.Skip();
        }
        else if (reader.TokenType != MdsfTokenType.Undefined)
        {
            if (decoded is null)
            {
                writer.WritePropertyName(name);
            }
            else
            {
                writer.WritePropertyName(decoded);
            }

            WriteToken(ref reader, writer);
        }
    }

    private static void WriteString(scoped in MdsfReader reader, Utf8JsonWriter writer)
    {
        if (!reader.HasEscapes)
        {
            writer.WriteStringValue(reader.ValueSpan);
        }
        else
        {
            StringJsonConverter.WriteString(writer, reader.GetString());
        }
    }

    private static void WriteNumber(scoped in MdsfReader reader, Utf8JsonWriter writer)
    {
        double number = reader.GetDouble();

        if (reader.TryGetInt64(out long whole) && (whole != 0 || !double.IsNegative(number)))
        {
            writer.WriteNumberValue(whole);
        }
        else if (double.IsInteger(number) && number is > 0 and < 18446744073709551616.0)
        {
            writer.WriteNumberValue((ulong)number);
        }
        else if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteRawValue(
                double.IsNaN(number) ? NaN : number > 0 ? PositiveInfinity : NegativeInfinity, skipInputValidation: true);
        }
    }

    private static void WriteToken(ref MdsfReader reader, ref MdsfWriter writer)
    {
        switch (reader.TokenType)
        {
            case MdsfTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case MdsfTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case MdsfTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case MdsfTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case MdsfTokenType.PropertyName when reader.HasEscapes:
                writer.WritePropertyName(reader.GetString());
                break;
            case MdsfTokenType.PropertyName:
                writer.WritePropertyName(reader.ValueSpan);
                break;
            case MdsfTokenType.String when reader.HasEscapes:
                writer.WriteString(reader.GetString());
                break;
            case MdsfTokenType.String:
                writer.WriteStringUtf8(reader.ValueSpan);
                break;
            case MdsfTokenType.Number:
                writer.WriteNumberText(reader.ValueSpan);
                break;
            case MdsfTokenType.True or MdsfTokenType.False:
                writer.WriteBoolean(reader.GetBoolean());
                break;
            default:
                writer.WriteNull();
                break;
        }
    }
}
