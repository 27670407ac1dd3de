using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>Converts members whose type is known at run time only: writes what the value is, reads an <see cref="MdsfValue"/>.</summary>
[RequiresUnreferencedCode(RunTimeTypes.Message)]
[RequiresDynamicCode(RunTimeTypes.Message)]
internal sealed class ObjectJsonConverter : JsonConverter<object>
{
    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<MdsfValue>(ref reader, options);

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        if (value.GetType() == typeof(object))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
        else
        {
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
        }
    }
}
