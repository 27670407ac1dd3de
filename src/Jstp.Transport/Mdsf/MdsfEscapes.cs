using System.Diagnostics;
using System.Text;

namespace Jstp.Transport.Mdsf;

/// <summary>
/// Turns the raw text of a string or a bare name, checked by a reader before, into what it means (mdsf.md, section 2: escape).
/// </summary>
internal static class MdsfEscapes
{
    /// <summary>Decodes a text that has been validated.</summary>
    /// <param name="raw">Text without quotes.</param>
    /// <param name="destination">At least as many characters as <paramref name="raw"/> has bytes.</param>
    /// <returns>The number of characters written.</returns>
    public static int Decode(ReadOnlySpan<byte> raw, Span<char> destination)
    {
        int written = 0;

        while (true)
        {
            int backslash = raw.IndexOf((byte)'\\');
            ReadOnlySpan<byte> plain = backslash < 0 ? raw : raw[..backslash];
            written += Encoding.UTF8.GetChars(plain, destination[written..]);

            if (backslash < 0)
            {
                return written;
            }

            raw = raw[(backslash + 1)..];
            raw = raw[DecodeEscape(raw, destination, ref written)..];
        }
    }

    /// <summary>Decodes what follows a backslash.</summary>
    /// <returns>The number of bytes used.</returns>
    private static int DecodeEscape(ReadOnlySpan<byte> raw, Span<char> destination, ref int written)
    {
        switch (raw[0])
        {
            case (byte)'u':
                return DecodeUnicode(raw, destination, ref written);

            case (byte)'x':
                destination[written++] = (char)ParseHex(raw.Slice(1, 2));
                return 3;

            case >= (byte)'0' and <= (byte)'7':
                return DecodeOctal(raw, destination, ref written);

            case (byte)'\r':
                return raw.Length > 1 && raw[1] == '\n' ? 2 : 1;

            case (byte)'\n':
                return 1;

            case < 0x80:
                destination[written++] = Unescape(raw[0]);
                return 1;

            default:
                return DecodeOther(raw, destination, ref written);
        }
    }

    private static char Unescape(byte letter) => letter switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        (byte)'v' => '\v',
        _ => (char)letter,
    };

    private static int DecodeOther(ReadOnlySpan<byte> raw, Span<char> destination, ref int written)
    {
        Rune.DecodeFromUtf8(raw, out Rune rune, out int length);

        // A backslash before a line end removes both (mdsf.md, section 2: LT).
        if (rune.Value is not (0x2028 or 0x2029))
        {
            written += rune.EncodeToUtf16(destination[written..]);
        }

        return length;
    }

    private static int DecodeOctal(ReadOnlySpan<byte> raw, Span<char> destination, ref int written)
    {
        int value = 0;
        int length = 0;

        while (length < Math.Min(raw.Length, 3) && raw[length] is >= (byte)'0' and <= (byte)'7')
        {
            value = (value << 3) + raw[length++] - '0';
        }

        destination[written++] = (char)value;
        return length;
    }

    private static int DecodeUnicode(ReadOnlySpan<byte> raw, Span<char> destination, ref int written)
    {
        bool braced = raw[1] == '{';
        int close = braced ? raw.IndexOf((byte)'}') : 5;
        int codePoint = ParseHex(braced ? raw[2..close] : raw[1..5]);
        Debug.Assert(codePoint <= 0x10FFFF, "the reader has checked it");

        if (codePoint > char.MaxValue)
        {
            written += new Rune(codePoint).EncodeToUtf16(destination[written..]);
        }
        else
        {
            destination[written++] = (char)codePoint;
        }

        return braced ? close + 1 : close;
    }

    private static int ParseHex(ReadOnlySpan<byte> digits)
    {
        int value = 0;

        foreach (byte digit in digits)
        {
            value = (value << 4) | HexDigit.Value(digit);
        }

        return value;
    }
}
