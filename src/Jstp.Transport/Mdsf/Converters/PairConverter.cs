namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts tuples of two elements.</summary>
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
