using System.Globalization;
using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf.Json;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>
/// Converts single-precision numbers. 0.1f is written as 0.1, the digits it stands for, and not as the double it widens to.
/// </summary>
internal sealed class SingleConverter : MdsfConverter<float>
{
    private const int MaxTextLength = 32;

    public override float Read(ref MdsfReader reader) => reader.TokenType == MdsfTokenType.Number
        ? (float)reader.GetDouble()
        : MdsfThrowHelper.ThrowDoesNotFit<float>("a number", reader);

    public override void Write(ref MdsfWriter writer, float value)
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        writer.WriteNumber(double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    internal override JsonConverter CreateJsonConverter() => new DoubleJsonConverter<float>();
}
