using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf.Json;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>
/// Converts values whose type is known at run time only: writes what the value is, reads an <see cref="MdsfValue"/> or null.
/// </summary>
[RequiresUnreferencedCode(RunTimeTypes.Message)]
[RequiresDynamicCode(RunTimeTypes.Message)]
internal sealed class DynamicConverter(MdsfSerializer serializer) : MdsfConverter<object?>
{
    public override object? Read(ref MdsfReader reader) => IsNull(reader) ? null : MdsfValue.ReadFrom(ref reader);

    public override void Write(ref MdsfWriter writer, object? value)
    {
        if (value is null)
        {
            writer.WriteNull();
        }
        else if (value.GetType() == typeof(object))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
        else
        {
            serializer.GetConverter(value.GetType()).WriteAsObject(ref writer, value);
        }
    }

    internal override JsonConverter CreateJsonConverter() => new ObjectJsonConverter();
}
