using System.Globalization;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts decimals by their digits: the double 0.1 is the decimal 0.1.</summary>
internal sealed class DecimalConverter : MdsfConverter<decimal>
{
    private const int MaxTextLength = 32;

    public override decimal Read(ref MdsfReader reader)
    {
        if (reader.TokenType == MdsfTokenType.Number)
        {
            Span<byte> text = stackalloc byte[MaxTextLength];
            reader.GetDouble().TryFormat(text, out int length, default, CultureInfo.InvariantCulture);

            if (decimal.TryParse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value))
            {
                return value;
            }
        }

        return MdsfThrowHelper.ThrowDoesNotFit<decimal>("a number in the range of decimals", reader);
    }

    public override void Write(ref MdsfWriter writer, decimal value) => writer.WriteNumber(value);
}
