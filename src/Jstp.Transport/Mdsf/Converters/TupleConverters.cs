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

internal sealed class PairConverter<T1, T2>(MdsfConverter<T1> first, MdsfConverter<T2> second) : TupleConverter<(T1, T2)>(2)
{
    protected override void ReadItem(ref MdsfReader reader, int index, ref (T1, T2) tuple)
    {
        if (index == 0)
        {
            tuple.Item1 = first.Read(ref reader);
        }
        else
        {
            tuple.Item2 = second.Read(ref reader);
        }
    }

    protected override void WriteItems(ref MdsfWriter writer, in (T1, T2) tuple)
    {
        first.Write(ref writer, tuple.Item1);
        second.Write(ref writer, tuple.Item2);
    }
}

internal sealed class TripleConverter<T1, T2, T3>(MdsfConverter<T1> first, MdsfConverter<T2> second, MdsfConverter<T3> third)
    : TupleConverter<(T1, T2, T3)>(3)
{
    protected override void ReadItem(ref MdsfReader reader, int index, ref (T1, T2, T3) tuple)
    {
        switch (index)
        {
            case 0:
                tuple.Item1 = first.Read(ref reader);
                break;
            case 1:
                tuple.Item2 = second.Read(ref reader);
                break;
            default:
                tuple.Item3 = third.Read(ref reader);
                break;
        }
    }

    protected override void WriteItems(ref MdsfWriter writer, in (T1, T2, T3) tuple)
    {
        first.Write(ref writer, tuple.Item1);
        second.Write(ref writer, tuple.Item2);
        third.Write(ref writer, tuple.Item3);
    }
}

internal sealed class QuadrupleConverter<T1, T2, T3, T4>(
    MdsfConverter<T1> first, MdsfConverter<T2> second, MdsfConverter<T3> third, MdsfConverter<T4> fourth)
    : TupleConverter<(T1, T2, T3, T4)>(4)
{
    protected override void ReadItem(ref MdsfReader reader, int index, ref (T1, T2, T3, T4) tuple)
    {
        switch (index)
        {
            case 0:
                tuple.Item1 = first.Read(ref reader);
                break;
            case 1:
                tuple.Item2 = second.Read(ref reader);
                break;
            case 2:
                tuple.Item3 = third.Read(ref reader);
                break;
            default:
                tuple.Item4 = fourth.Read(ref reader);
                break;
        }
    }

    protected override void WriteItems(ref MdsfWriter writer, in (T1, T2, T3, T4) tuple)
    {
        first.Write(ref writer, tuple.Item1);
        second.Write(ref writer, tuple.Item2);
        third.Write(ref writer, tuple.Item3);
        fourth.Write(ref writer, tuple.Item4);
    }
}
