namespace Jstp.Transport.Mdsf;

public sealed partial class MdsfValue
{
    /// <summary>Makes a string; <see langword="null"/> becomes <see cref="Null"/>.</summary>
    /// <param name="value">The text.</param>
    public static implicit operator MdsfValue(string? value) => FromString(value);

    /// <summary>Makes a number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator MdsfValue(double value) => FromDouble(value);

    /// <summary>Makes a number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator MdsfValue(int value) => FromDouble(value);

    /// <summary>Makes a number.</summary>
    /// <param name="value">A number that a double holds exactly.</param>
    /// <exception cref="MdsfConversionException">A double does not hold the number exactly.</exception>
    public static implicit operator MdsfValue(long value) => FromInt64(value);

    /// <summary>Makes a boolean.</summary>
    /// <param name="value">The boolean.</param>
    public static implicit operator MdsfValue(bool value) => FromBoolean(value);

    /// <summary>Makes an array.</summary>
    /// <param name="elements">The elements.</param>
    public static implicit operator MdsfValue(MdsfValue[] elements) => CreateArray(elements.AsSpan());

    /// <summary>Makes a string; <see langword="null"/> becomes <see cref="Null"/>.</summary>
    /// <param name="value">The text.</param>
    public static MdsfValue FromString(string? value) => value is null ? Null : new(MdsfValueKind.String, content: value);

    /// <summary>Makes a number.</summary>
    /// <param name="value">The number; NaN and the infinities are values, but will be written as <c>null</c>.</param>
    public static MdsfValue FromDouble(double value) => new(MdsfValueKind.Number, value);

    /// <summary>Makes a number.</summary>
    /// <param name="value">A number that a double holds exactly.</param>
    /// <exception cref="MdsfConversionException">A double does not hold the number exactly.</exception>
    public static MdsfValue FromInt64(long value)
    {
        if ((Int128)(double)value != value)
        {
            MdsfThrowHelper.ThrowInexact(value);
        }

        return FromDouble(value);
    }

    /// <summary>Makes a boolean.</summary>
    /// <param name="value">The boolean.</param>
    public static MdsfValue FromBoolean(bool value) => value ? True : False;
}
