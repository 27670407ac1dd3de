using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf.Json;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts the number type of MDSF.</summary>
internal sealed class DoubleConverter : MdsfConverter<double>
{
    public override double Read(ref MdsfReader reader) => reader.TokenType == MdsfTokenType.Number
        ? reader.GetDouble()
        : MdsfThrowHelper.ThrowDoesNotFit<double>("a number", reader);

    public override void Write(ref MdsfWriter writer, double value) => writer.WriteNumber(value);

    internal override JsonConverter CreateJsonConverter() => new DoubleJsonConverter<double>();
}
