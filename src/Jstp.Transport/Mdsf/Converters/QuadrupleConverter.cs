namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts tuples of four elements.</summary>
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
