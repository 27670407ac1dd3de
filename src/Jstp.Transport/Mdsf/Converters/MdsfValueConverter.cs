namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts values of any shape, undefined included.</summary>
internal sealed class MdsfValueConverter : MdsfConverter<MdsfValue?>
{
    public override MdsfValue Read(ref MdsfReader reader) => MdsfValue.ReadFrom(ref reader);

    public override void Write(ref MdsfWriter writer, MdsfValue? value) => (value ?? MdsfValue.Null).WriteTo(ref writer);
}
