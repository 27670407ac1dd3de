using System.Buffers;
using System.Text;

namespace Jstp.Transport.Mdsf;

public sealed partial class MdsfValue
{
    /// <summary>Writes the value. NaN and the infinities become <c>null</c>.</summary>
    /// <param name="writer">The writer.</param>
    /// <exception cref="MdsfConversionException">More than 512 containers would be open.</exception>
    /// <exception cref="InvalidOperationException">No value can stand at the writer's place.</exception>
    public void WriteTo(ref MdsfWriter writer)
    {
        switch (Kind)
        {
            case MdsfValueKind.Undefined:
                writer.WriteUndefined();
                break;

            case MdsfValueKind.Null:
                writer.WriteNull();
                break;

            case MdsfValueKind.Boolean:
                writer.WriteBoolean(_number != 0);
                break;

            case MdsfValueKind.Number:
                writer.WriteNumber(_number);
                break;

            case MdsfValueKind.String:
                writer.WriteString((string)_content!);
                break;

            case MdsfValueKind.Array:
                WriteElements(ref writer);
                break;

            default:
                WriteMembers(ref writer);
                break;
        }
    }

    /// <summary>The value as MDSF text.</summary>
    /// <exception cref="MdsfConversionException">The value has more than 512 levels.</exception>
    public override string ToString()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);
        WriteTo(ref writer);
        writer.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    // The writer refuses to open a 513th container, which bounds the recursion.
    private void WriteElements(ref MdsfWriter writer)
    {
        writer.WriteStartArray();

        foreach (MdsfValue element in (MdsfValue[])_content!)
        {
            element.WriteTo(ref writer);
        }

        writer.WriteEndArray();
    }

    private void WriteMembers(ref MdsfWriter writer)
    {
        writer.WriteStartObject();

        foreach ((string name, MdsfValue value) in ((MdsfMembers)_content!).Items)
        {
            writer.WritePropertyName(name);
            value.WriteTo(ref writer);
        }

        writer.WriteEndObject();
    }
}
