using System.Globalization;

namespace Jstp.Transport.Mdsf;

/// <summary>
/// The magnitude of a number as its significant digits, without zeros at either end, and the place of the point before them:
/// 0.0150 is "15" with the point at -1. Zero is "0" with the point at 1.
/// </summary>
internal readonly ref struct DecimalDigits
{
    private DecimalDigits(ReadOnlySpan<byte> digits, int point)
    {
        Digits = digits;
        Point = point;
    }

    /// <summary>The digits as ASCII; at least one.</summary>
    public ReadOnlySpan<byte> Digits { get; }

    /// <summary>How many of the digits stand before the point; negative for zeros behind it.</summary>
    public int Point { get; }

    /// <summary>Takes a decimal number apart.</summary>
    /// <param name="text">Digits with an optional sign, point and exponent.</param>
    /// <param name="buffer">Holds the digits; at least as long as the text.</param>
    public static DecimalDigits Parse(scoped ReadOnlySpan<byte> text, Span<byte> buffer)
    {
        int exponentMark = text.IndexOfAny((byte)'e', (byte)'E');
        ReadOnlySpan<byte> mantissa = exponentMark < 0 ? text : text[..exponentMark];
        int point = exponentMark < 0 ? 0 : ParseExponent(text[(exponentMark + 1)..]);
        int count = 0;
        bool isFraction = false;

        foreach (byte current in mantissa)
        {
            if (current == '.')
            {
                isFraction = true;
            }
            else if (current is not ((byte)'-' or (byte)'+'))
            {
                bool isLeadingZero = count == 0 && current == '0';
                point += (isFraction, isLeadingZero) switch
                {
                    (false, false) => 1,
                    (true, true) => -1,
                    _ => 0,
                };

                if (!isLeadingZero)
                {
                    buffer[count++] = current;
                }
            }
        }

        ReadOnlySpan<byte> digits = buffer[..count].TrimEnd((byte)'0');
        return digits.IsEmpty ? new DecimalDigits("0"u8, 1) : new DecimalDigits(digits, point);
    }
    // An exponent beyond all doubles only has to be different from theirs.
    private static int ParseExponent(ReadOnlySpan<byte> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent) ? exponent : int.MinValue / 2;
}
