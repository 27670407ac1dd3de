using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Jstp.Transport.Mdsf;

// Numbers: plain digits only (mdsf.md, section 5.2).
public ref partial struct MdsfWriter
{
    private const int MaxInt64Length = 20;
    private const int MaxDecimalLength = 32;
    private const int MaxSafeLength = 15; // as many digits as any double keeps

    // 2^53: up to here every whole number is a double of its own.
    private const long MaxExactInteger = 1L << 53;

    // 2^127: the first double beyond the range of Int128.
    private const double Int128Limit = 170141183460469231731687303715884105728.0;

    /// <summary>Writes a number; NaN and the infinities become <c>null</c>, which every client can read.</summary>
    /// <param name="value">The number.</param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteNumber(double value)
    {
        long whole = (long)value;

        if (whole == value && whole is >= -MaxExactInteger and <= MaxExactInteger)
        {
            WriteInteger(whole);
        }
        else if (double.IsFinite(value))
        {
            WriteFraction(value);
        }
        else
        {
            WriteNull();
        }
    }

    /// <summary>Writes a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteNumber(int value) => WriteInteger(value);

    /// <summary>Writes a whole number.</summary>
    /// <param name="value">A number that a double holds exactly, as all up to 2^53 are.</param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    /// <exception cref="MdsfConversionException">A double does not hold the number exactly.</exception>
    public void WriteNumber(long value)
    {
        if (value is >= -MaxExactInteger and <= MaxExactInteger)
        {
            WriteInteger(value);
            return;
        }

        if ((Int128)(double)value != value)
        {
            MdsfThrowHelper.ThrowInexact(value);
        }

        WriteNumber((double)value);
    }

    /// <summary>Writes a whole number.</summary>
    /// <param name="value">A number that a double holds exactly, as all up to 2^53 are.</param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    /// <exception cref="MdsfConversionException">A double does not hold the number exactly.</exception>
    public void WriteNumber(ulong value)
    {
        if ((UInt128)(double)value != value)
        {
            MdsfThrowHelper.ThrowInexact(value);
        }

        WriteNumber((double)value);
    }

    /// <summary>Writes a decimal number.</summary>
    /// <param name="value">
    /// A number whose digits survive: 0.1 does, as a double prints as it too; more than 17 significant digits never do.
    /// </param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    /// <exception cref="MdsfConversionException">The double nearest to the number stands for other digits.</exception>
    public void WriteNumber(decimal value)
    {
        Span<byte> text = stackalloc byte[MaxDecimalLength];
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        WriteNumberText(text[..length]);
    }

    /// <summary>Writes a number given as decimal text; the rules for <see cref="WriteNumber(decimal)"/> hold.</summary>
    /// <exception cref="MdsfConversionException">The double nearest to the number stands for other digits.</exception>
    internal void WriteNumberText(scoped ReadOnlySpan<byte> text)
    {
        double number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

        // The digits of a short text always survive. The shortest digits of a large double may differ from its value:
        // 2^62 is written 4611686018427388000.
        bool isKept = (text.Length <= MaxSafeLength && !text.Contains((byte)'E') && !text.Contains((byte)'e'))
            || (double.IsFinite(number) && (NumberText.IsKept(text, number) || IsSameWholeNumber(text, number)));

        if (!isKept)
        {
            MdsfThrowHelper.ThrowInexact(Encoding.UTF8.GetString(text));
        }

        WriteNumber(number);

        static bool IsSameWholeNumber(ReadOnlySpan<byte> text, double number) =>
            Math.Abs(number) < Int128Limit
            && Int128.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out Int128 whole)
            && (Int128)number == whole;
    }

    private void WriteInteger(long value)
    {
        BeginValue(MaxInt64Length);
        value.TryFormat(_buffer[_used..], out int length, default, CultureInfo.InvariantCulture);
        _used += length;
        EndValue();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteFraction(double value)
    {
        BeginValue(NumberText.MaxPlainLength);
        _used += NumberText.FormatPlain(value, _buffer[_used..]);
        EndValue();
    }
}
