using System.Numerics;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts whole numbers of any size to and from doubles, exactly or not at all (mdsf.md, section 5.4).</summary>
internal sealed class IntegerConverter<T> : MdsfConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private static readonly string Description = $"a whole number from {T.MinValue} to {T.MaxValue}";

    // Of magnitude 2^63 and above a double is always whole; only the wide types need this range.
    private static readonly double Limit = double.CreateSaturating(T.MaxValue);

    public override T Read(ref MdsfReader reader)
    {
        if (reader.TokenType != MdsfTokenType.Number)
        {
            return MdsfThrowHelper.ThrowDoesNotFit<T>(Description, reader);
        }

        if (reader.TryGetInt64(out long whole))
        {
            T value = T.CreateTruncating(whole);

            if (long.CreateTruncating(value) == whole && T.IsNegative(value) == (whole < 0))
            {
                return value;
            }
        }
        else if (TryReadWide(reader.GetDouble(), out T wide))
        {
            return wide;
        }

        return MdsfThrowHelper.ThrowDoesNotFit<T>(Description, reader);
    }

    public override void Write(ref MdsfWriter writer, T value)
    {
        long whole = long.CreateTruncating(value);

        if (T.IsNegative(value) == (whole < 0) && T.CreateTruncating(whole) == value)
        {
            writer.WriteNumber(whole);
            return;
        }

        double number = double.CreateTruncating(value);

        if (!TryReadWide(number, out T back) || back != value)
        {
            MdsfThrowHelper.ThrowInexact(value);
        }

        writer.WriteNumber(number);
    }

    private static bool TryReadWide(double number, out T value)
    {
        // The limit is rounded up to a power of two for every type that is wide enough to come here, so it is itself out of range.
        bool fits = double.IsInteger(number) && number < Limit && (T.IsNegative(T.MinValue) ? number >= -Limit : number >= 0);
        value = fits ? T.CreateTruncating(number) : T.Zero;
        return fits;
    }
}
