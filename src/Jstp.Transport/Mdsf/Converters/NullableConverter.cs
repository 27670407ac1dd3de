namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts values that may be missing: null and undefined are read as <see langword="null"/>.</summary>
internal sealed class NullableConverter<T>(MdsfConverter<T> underlying) : MdsfConverter<T?>
    where T : struct
{
    public override T? Read(ref MdsfReader reader) => IsNull(reader) ? null : underlying.Read(ref reader);

    public override void Write(ref MdsfWriter writer, T? value)
    {
        if (value is { } present)
        {
            underlying.Write(ref writer, present);
        }
        else
        {
            writer.WriteNull();
        }
    }
}
