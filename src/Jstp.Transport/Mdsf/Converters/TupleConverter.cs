namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts a tuple to and from an array of exactly as many elements.</summary>
internal abstract class TupleConverter<TTuple>(int length) : MdsfConverter<TTuple>
    where TTuple : struct
{
    public sealed override TTuple Read(ref MdsfReader reader)
    {
        if (reader.TokenType != MdsfTokenType.StartArray)
        {
            return MdsfThrowHelper.ThrowDoesNotFit<TTuple>($"an array of {length} elements", reader);
        }

        TTuple tuple = default;
        int index = 0;

        while (reader.Read() && reader.TokenType != MdsfTokenType.EndArray)
        {
            if (index == length)
            {
                throw new MdsfConversionException($"Expected an array of {length} elements, found more.");
            }

            ReadItem(ref reader, index++, ref tuple);
        }

        return index == length ? tuple : throw new MdsfConversionException($"Expected an array of {length} elements, found {index}.");
    }

    public sealed override void Write(ref MdsfWriter writer, TTuple value)
    {
        writer.WriteStartArray();
        WriteItems(ref writer, value);
        writer.WriteEndArray();
    }

    protected abstract void ReadItem(ref MdsfReader reader, int index, ref TTuple tuple);

    protected abstract void WriteItems(ref MdsfWriter writer, in TTuple tuple);
}
