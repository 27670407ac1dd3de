using System.Globalization;
using System.Runtime.CompilerServices;

namespace Jstp.Transport.Mdsf;

// Numbers, and what they can be read as (mdsf.md, section 2: number; section 5.4).
public ref partial struct MdsfReader
{
    private const int MaxFastDigits = 15;

    // 2^63: the first double beyond the range of Int64.
    private const double Int64Limit = 9223372036854775808.0;

    /// <summary>The number that the reader stands on. Beyond the range of doubles it is an infinity or zero.</summary>
    /// <exception cref="InvalidOperationException">The token is not a number.</exception>
    public readonly double GetDouble()
    {
        EnsureNumber();
        return GetNumber();
    }

    /// <summary>The number that the reader stands on, if it is whole and in range: 5.0 is 5 and -0 is 0.</summary>
    /// <param name="value">The number, or 0.</param>
    /// <returns>Whether an <see cref="long"/> can be it.</returns>
    /// <exception cref="InvalidOperationException">The token is not a number.</exception>
    public readonly bool TryGetInt64(out long value)
    {
        EnsureNumber();

        if (_numberForm == NumberForm.Integer)
        {
            value = _integer;
            return true;
        }

        double number = GetNumber();
        bool fits = Math.Truncate(number) == number && number is >= -Int64Limit and < Int64Limit;
        value = fits ? (long)number : 0;
        return fits;
    }

    /// <summary>The number that the reader stands on, if it is whole and in range: 5.0 is 5 and -0 is 0.</summary>
    /// <param name="value">The number, or 0.</param>
    /// <returns>Whether an <see cref="int"/> can be it.</returns>
    /// <exception cref="InvalidOperationException">The token is not a number.</exception>
    public readonly bool TryGetInt32(out int value)
    {
        bool fits = TryGetInt64(out long number) && number is >= int.MinValue and <= int.MaxValue;
        value = fits ? (int)number : 0;
        return fits;
    }

    /// <summary>The boolean that the reader stands on.</summary>
    /// <exception cref="InvalidOperationException">The token is not a boolean.</exception>
    public readonly bool GetBoolean()
    {
        if (TokenType is not (MdsfTokenType.True or MdsfTokenType.False))
        {
            MdsfThrowHelper.ThrowWrongToken("a boolean", TokenType);
        }

        return TokenType == MdsfTokenType.True;
    }

    private readonly void EnsureNumber()
    {
        if (TokenType != MdsfTokenType.Number)
        {
            MdsfThrowHelper.ThrowWrongToken("a number", TokenType);
        }
    }

    private readonly double GetNumber() => _numberForm switch
    {
        NumberForm.Integer => _integer,
        NumberForm.Decimal => double.Parse(ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => _number,
    };

    private void ReadNumber()
    {
        ReadOnlySpan<byte> rest = _buffer[_position..];
        bool isNegative = rest[0] == '-';
        int start = isNegative ? 1 : 0;
        int length = start;
        long value = 0;

        int end = Math.Min(rest.Length, start + MaxFastDigits);

        while (length < end && rest[length] is >= (byte)'0' and <= (byte)'9')
        {
            value = (value * 10) + rest[length++] - '0';
        }

        // No digits, more digits, leading zeros, -0 and everything that is not a plain whole number take the long way.
        bool isPlain = length > start && length < rest.Length && rest[length] is (byte)',' or (byte)']' or (byte)'}' or (byte)':';

        if (!isPlain || (rest[start] == '0' && (isNegative || length > 1)))
        {
            ReadNumberSlow();
            return;
        }

        SetToken(MdsfTokenType.Number, length);
        _numberForm = NumberForm.Integer;
        _integer = isNegative ? -value : value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadNumberSlow()
    {
        _tokenStart = _position;
        _numberForm = NumberForm.Binary;
        int first = PeekAt(0);
        int start = first is '+' or '-' ? 1 : 0;
        int length = PeekAt(start) switch
        {
            'I' => ReadNumberWord("Infinity"u8, double.PositiveInfinity, start),
            'N' => ReadNumberWord("NaN"u8, double.NaN, start),
            '0' when PeekAt(start + 1) is 'x' or 'X' => ReadRadix(start + 2, bitsPerDigit: 4),
            '0' when PeekAt(start + 1) is 'o' or 'O' => ReadRadix(start + 2, bitsPerDigit: 3),
            '0' when PeekAt(start + 1) is 'b' or 'B' => ReadRadix(start + 2, bitsPerDigit: 1),
            _ => MeasureDecimal(start),
        };

        int next = PeekAt(length);

        if (next is '_' or '$' or '.' or '+' or '-' || (next >= 0 && char.IsAsciiLetterOrDigit((char)next)))
        {
            MdsfThrowHelper.ThrowUnexpected(TokenStart + length, "the end of the number", next);
        }

        NumberForm form = _numberForm;
        SetToken(MdsfTokenType.Number, length);
        _numberForm = form;
        _number = first == '-' ? -_number : _number;
    }

    private int ReadNumberWord(ReadOnlySpan<byte> word, double value, int start)
    {
        MatchWord(word, start);
        _number = value;
        return start + word.Length;
    }

    private int MeasureDecimal(int start)
    {
        _numberForm = NumberForm.Decimal;
        int index = SkipDigits(start);
        bool hasDigits = index > start;

        if (PeekAt(start) == '0' && index > start + 1)
        {
            MdsfThrowHelper.ThrowUnexpected(TokenStart + start + 1, "no leading zero", PeekAt(start + 1));
        }

        if (PeekAt(index) == '.')
        {
            int fraction = index + 1;
            index = SkipDigits(fraction);
            hasDigits |= index > fraction;
        }

        if (!hasDigits)
        {
            MdsfThrowHelper.ThrowUnexpected(TokenStart + index, "a digit", PeekAt(index));
        }

        if (PeekAt(index) is not ('e' or 'E'))
        {
            return index;
        }

        int exponent = PeekAt(index + 1) is '+' or '-' ? index + 2 : index + 1;
        index = SkipDigits(exponent);

        if (index == exponent)
        {
            MdsfThrowHelper.ThrowUnexpected(TokenStart + index, "a digit of the exponent", PeekAt(index));
        }

        return index;
    }

    private int SkipDigits(int index)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = _tokenStart + index < _buffer.Length ? _buffer[(_tokenStart + index)..] : default;
            int run = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');

            if (run >= 0)
            {
                return index + run;
            }

            index += rest.Length;

            if (!TryExtend())
            {
                return index;
            }
        }
    }

    /// <summary>Reads the digits of a power-of-two radix into the nearest double, ties to even.</summary>
    private int ReadRadix(int start, int bitsPerDigit)
    {
        ulong mantissa = 0;
        int droppedBits = 0;
        bool isInexact = false;
        int index = start;

        for (int digit; (digit = RadixDigit(PeekAt(index), bitsPerDigit)) >= 0; index++)
        {
            if (mantissa >> (64 - bitsPerDigit) == 0)
            {
                mantissa = (mantissa << bitsPerDigit) | (uint)digit;
            }
            else
            {
                droppedBits += bitsPerDigit;
                isInexact |= digit != 0;
            }
        }

        if (index == start)
        {
            MdsfThrowHelper.ThrowUnexpected(TokenStart + index, "a digit", PeekAt(index));
        }

        // At least 61 bits are kept, so a last bit that says "and something more" decides ties without disturbing anything else.
        _number = Math.ScaleB((double)(isInexact ? mantissa | 1 : mantissa), droppedBits);
        return index;
    }

    private static int RadixDigit(int found, int bitsPerDigit)
    {
        if (found < 0 || !char.IsAsciiHexDigit((char)found))
        {
            return -1;
        }

        int value = HexDigit.Value(found);
        return value < 1 << bitsPerDigit ? value : -1;
    }
}
