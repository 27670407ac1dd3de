using System.Diagnostics;
using System.Globalization;

namespace Jstp.Transport.Mdsf;

/// <summary>The texts of a finite double, all made of its shortest digits that read back to the same double.</summary>
internal static class NumberText
{
    /// <summary>Room for every text of <see cref="FormatPlain"/>: 5e-324 with 17 digits would need 343.</summary>
    public const int MaxPlainLength = 352;

    /// <summary>Room for every text of <see cref="FormatJavaScript"/>, such as -0.0000012345678901234567.</summary>
    public const int MaxJavaScriptLength = 32;

    private const int MaxShortestLength = 32;

    // 2^63: undotted digits from here on are out of range for the Java client (mdsf.md, section 5.2).
    private const double DottedLimit = 9223372036854775808.0;

    // ECMAScript, Number::toString: where plain digits end and exponents begin.
    private const int JavaScriptMaxPoint = 21;
    private const int JavaScriptMinPoint = -5;

    /// <summary>Writes digits without an exponent, as column J of mdsf.md, section 5.2, has them.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int FormatPlain(double value, Span<byte> destination)
    {
        Debug.Assert(double.IsFinite(value), "the caller writes null instead");

        if (!value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture))
        {
            throw new UnreachableException();
        }

        return destination[..written].Contains((byte)'E') ? ExpandExponent(value, destination) : written;
    }

    /// <summary>Writes the number as JavaScript does, so that numeric keys equal quoted ones (ECMAScript, Number::toString).</summary>
    /// <returns>The number of characters written.</returns>
    public static int FormatJavaScript(double value, Span<char> destination)
    {
        if (!double.IsFinite(value))
        {
            "Infinity".CopyTo(destination);
            return "Infinity".Length;
        }

        Span<byte> digits = stackalloc byte[MaxShortestLength];
        DecimalDigits number = Shortest(value, digits);
        Span<byte> text = stackalloc byte[MaxJavaScriptLength];
        int written = number.Point is >= JavaScriptMinPoint and <= JavaScriptMaxPoint
            ? WritePlain(number, text)
            : WriteExponential(number, text);

        for (int i = 0; i < written; i++)
        {
            destination[i] = (char)text[i];
        }

        return written;
    }

    /// <summary>Whether a number's text says exactly what the double that is read from it will be written as.</summary>
    /// <param name="text">JSON or plain digits.</param>
    /// <param name="value">What the text reads as; finite.</param>
    public static bool IsKept(ReadOnlySpan<byte> text, double value)
    {
        Span<byte> digits = stackalloc byte[MaxShortestLength];
        Span<byte> textDigits = text.Length <= 128 ? stackalloc byte[128] : new byte[text.Length];
        DecimalDigits kept = Shortest(value, digits);
        DecimalDigits said = DecimalDigits.Parse(text, textDigits);
        return kept.Point == said.Point && kept.Digits.SequenceEqual(said.Digits);
    }

    private static DecimalDigits Shortest(double value, Span<byte> digits)
    {
        Span<byte> text = stackalloc byte[MaxShortestLength];

        if (!value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture))
        {
            throw new UnreachableException();
        }

        return DecimalDigits.Parse(text[..length], digits);
    }

    private static int ExpandExponent(double value, Span<byte> destination)
    {
        Span<byte> digits = stackalloc byte[MaxShortestLength];
        int sign = value < 0 ? 1 : 0;
        destination[0] = (byte)'-';
        int written = sign + WritePlain(Shortest(value, digits), destination[sign..]);

        if (Math.Abs(value) >= DottedLimit)
        {
            ".0"u8.CopyTo(destination[written..]);
            written += 2;
        }

        return written;
    }

    private static int WritePlain(DecimalDigits number, Span<byte> destination)
    {
        ReadOnlySpan<byte> digits = number.Digits;
        int point = number.Point;

        if (point <= 0)
        {
            "0."u8.CopyTo(destination);
            destination.Slice(2, -point).Fill((byte)'0');
            digits.CopyTo(destination[(2 - point)..]);
            return 2 - point + digits.Length;
        }

        if (point >= digits.Length)
        {
            digits.CopyTo(destination);
            destination[digits.Length..point].Fill((byte)'0');
            return point;
        }

        digits[..point].CopyTo(destination);
        destination[point] = (byte)'.';
        digits[point..].CopyTo(destination[(point + 1)..]);
        return digits.Length + 1;
    }

    private static int WriteExponential(DecimalDigits number, Span<byte> destination)
    {
        ReadOnlySpan<byte> digits = number.Digits;
        int exponent = number.Point - 1;
        int written = 0;
        destination[written++] = digits[0];

        if (digits.Length > 1)
        {
            destination[written++] = (byte)'.';
            digits[1..].CopyTo(destination[written..]);
            written += digits.Length - 1;
        }

        destination[written++] = (byte)'e';
        destination[written++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Math.Abs(exponent).TryFormat(destination[written..], out int length, default, CultureInfo.InvariantCulture);
        return written + length;
    }
}
