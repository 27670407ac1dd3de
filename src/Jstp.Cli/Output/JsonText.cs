using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Output;

/// <summary>MDSF values as JSON, as <c>JSON.stringify</c> has them: undefined and numbers that are not finite are null, undefined members are absent.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // no HTML is made of it
        SkipValidation = true,
        MaxDepth = 1000,
    };

    /// <summary>A value in one line.</summary>
    public static string Of(MdsfValue value)
    {
        var output = new ArrayBufferWriter<byte>();

        using (var writer = new Utf8JsonWriter(output, Options))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, MdsfValue value)
    {
        switch (value.Kind)
        {
            case MdsfValueKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean());
                break;
            case MdsfValueKind.Number when double.IsFinite(value.AsNumber()):
                writer.WriteNumberValue(value.AsNumber());
                break;
            case MdsfValueKind.String:
                writer.WriteStringValue(value.AsString());
                break;
            case MdsfValueKind.Array:
                WriteArray(writer, value);
                break;
            case MdsfValueKind.Object:
                WriteObject(writer, value);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, MdsfValue value)
    {
        writer.WriteStartArray();

        foreach (MdsfValue element in value.Elements)
        {
            Write(writer, element);
        }

        writer.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter writer, MdsfValue value)
    {
        writer.WriteStartObject();

        foreach ((string name, MdsfValue member) in value.Members)
        {
            if (member.Kind != MdsfValueKind.Undefined)
            {
                writer.WritePropertyName(name);
                Write(writer, member);
            }
        }

        writer.WriteEndObject();
    }
}
