namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts values that must not be missing although their type would allow it: null and undefined are errors.</summary>
internal sealed class RequiredConverter<T>(MdsfConverter<T> underlying) : MdsfConverter<T>
    where T : class
{
    public override T Read(ref MdsfReader reader) =>
        IsNull(reader) ? MdsfThrowHelper.ThrowDoesNotFit<T>("a value", reader) : underlying.Read(ref reader);

    public override void Write(ref MdsfWriter writer, T value) => underlying.Write(ref writer, value);
}
