using Jstp.Transport.Mdsf;

namespace Jstp.Benchmarks.Dispatch;

/// <summary>What the generator writes for <see cref="Part"/>.</summary>
internal sealed class PartConverter : MdsfObjectConverter<Part?>
{
    private static readonly MdsfConverter<string> Text = MdsfConverters.Required<string>(MdsfConverters.String);

    protected override Part? ReadMembers(ref MdsfReader reader)
    {
        string sku = "";
        int count = 0;
        double weight = 0;
        string? note = null;

        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("sku"u8))
            {
                sku = NextValue(ref reader) ? Text.Read(ref reader) : sku;
            }
            else if (reader.ValueTextEquals("count"u8))
            {
                count = NextValue(ref reader) ? MdsfConverters.Int32.Read(ref reader) : count;
            }
            else if (reader.ValueTextEquals("weight"u8))
            {
                weight = NextValue(ref reader) ? MdsfConverters.Double.Read(ref reader) : weight;
            }
            else if (reader.ValueTextEquals("note"u8))
            {
                note = NextValue(ref reader) ? MdsfConverters.String.Read(ref reader) : note;
            }
            else
            {
                reader.Skip();
            }
        }

        return new Part(sku, count, weight, note);
    }

    protected override void WriteMembers(ref MdsfWriter writer, Part value)
    {
        writer.WritePropertyName("sku"u8);
        Text.Write(ref writer, value.Sku);
        writer.WritePropertyName("count"u8);
        MdsfConverters.Int32.Write(ref writer, value.Count);
        writer.WritePropertyName("weight"u8);
        MdsfConverters.Double.Write(ref writer, value.Weight);
        writer.WritePropertyName("note"u8);
        MdsfConverters.String.Write(ref writer, value.Note);
    }
}
