namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts booleans; nothing else is taken for one.</summary>
internal sealed class BooleanConverter : MdsfConverter<bool>
{
    public override bool Read(ref MdsfReader reader) => reader.TokenType is MdsfTokenType.True or MdsfTokenType.False
        ? reader.GetBoolean()
        : MdsfThrowHelper.ThrowDoesNotFit<bool>("true or false", reader);

    public override void Write(ref MdsfWriter writer, bool value) => writer.WriteBoolean(value);
}
