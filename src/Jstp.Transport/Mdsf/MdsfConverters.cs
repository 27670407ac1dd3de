using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Jstp.Transport.Mdsf.Converters;

namespace Jstp.Transport.Mdsf;

/// <summary>
/// The converters of <see cref="MdsfSerializer"/> for types that are known when the program is compiled: they are put together by calls, so nothing looks at types
/// at run time, and a trimmed or natively compiled program keeps what it uses. Generated code is made of them.
/// </summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "A converter is called like the type that it converts.")]
public static class MdsfConverters
{
    /// <summary>Booleans.</summary>
    public static MdsfConverter<bool> Boolean { get; } = new BooleanConverter();

    /// <summary>Whole numbers of 8 bits with a sign.</summary>
    public static MdsfConverter<sbyte> SByte { get; } = new IntegerConverter<sbyte>();

    /// <summary>Whole numbers of 8 bits.</summary>
    public static MdsfConverter<byte> Byte { get; } = new IntegerConverter<byte>();

    /// <summary>Whole numbers of 16 bits with a sign.</summary>
    public static MdsfConverter<short> Int16 { get; } = new IntegerConverter<short>();

    /// <summary>Whole numbers of 16 bits.</summary>
    public static MdsfConverter<ushort> UInt16 { get; } = new IntegerConverter<ushort>();

    /// <summary>Whole numbers of 32 bits with a sign.</summary>
    public static MdsfConverter<int> Int32 { get; } = new IntegerConverter<int>();

    /// <summary>Whole numbers of 32 bits.</summary>
    public static MdsfConverter<uint> UInt32 { get; } = new IntegerConverter<uint>();

    /// <summary>Whole numbers of 64 bits with a sign; those that a double does not hold exactly are refused.</summary>
    public static MdsfConverter<long> Int64 { get; } = new IntegerConverter<long>();

    /// <summary>Whole numbers of 64 bits; those that a double does not hold exactly are refused.</summary>
    public static MdsfConverter<ulong> UInt64 { get; } = new IntegerConverter<ulong>();

    /// <summary>Whole numbers of 128 bits with a sign; those that a double does not hold exactly are refused.</summary>
    public static MdsfConverter<Int128> Int128 { get; } = new IntegerConverter<Int128>();

    /// <summary>Whole numbers of 128 bits; those that a double does not hold exactly are refused.</summary>
    public static MdsfConverter<UInt128> UInt128 { get; } = new IntegerConverter<UInt128>();

    /// <summary>Numbers; NaN and the infinities are written as null.</summary>
    public static MdsfConverter<double> Double { get; } = new DoubleConverter();

    /// <summary>Numbers of single precision; NaN and the infinities are written as null.</summary>
    public static MdsfConverter<float> Single { get; } = new SingleConverter();

    /// <summary>Decimals, by their digits.</summary>
    public static MdsfConverter<decimal> Decimal { get; } = new DecimalConverter();

    /// <summary>Single UTF-16 code units, as strings.</summary>
    public static MdsfConverter<char> Char { get; } = new CharConverter();

    /// <summary>Strings, and null.</summary>
    public static MdsfConverter<string?> String { get; } = new StringConverter();

    /// <summary>Identifiers in their form with hyphens.</summary>
    public static MdsfConverter<Guid> Guid { get; } = new GuidConverter();

    /// <summary>Addresses as strings, and null.</summary>
    public static MdsfConverter<Uri?> Uri { get; } = new UriConverter();

    /// <summary>Points in time; what is read is UTC.</summary>
    public static MdsfConverter<DateTime> DateTime { get; } = new DateTimeConverter();

    /// <summary>Points in time, which are written in UTC.</summary>
    public static MdsfConverter<DateTimeOffset> DateTimeOffset { get; } = new DateTimeOffsetConverter();

    /// <summary>Bytes as Base64, and null.</summary>
    public static MdsfConverter<byte[]?> Bytes => BytesConverter.Instance;

    /// <summary>Bytes as Base64.</summary>
    public static MdsfConverter<ReadOnlyMemory<byte>> Memory { get; } = new MemoryConverter(BytesConverter.Instance);

    /// <summary>Values of any shape; a null reference is written as null, none is read.</summary>
    public static MdsfConverter<MdsfValue?> Value { get; } = new MdsfValueConverter();

    /// <summary>Enum values by name.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    /// <param name="names">The values with the names under which they travel; of several names for one value the first is written.</param>
    public static MdsfConverter<T> Enum<T>(params ReadOnlySpan<(string Name, T Value)> names)
        where T : struct, Enum => new EnumConverter<T>(names);

    /// <summary>Values that may be missing: null and undefined are read as null.</summary>
    /// <typeparam name="T">The type of a value that is there.</typeparam>
    /// <param name="value">Converts a value that is there.</param>
    public static MdsfConverter<T?> Nullable<T>(MdsfConverter<T> value)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(value);

        return new NullableConverter<T>(value);
    }

    /// <summary>Values that must be there although their type has null: null and undefined are refused.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">Converts a value that is there.</param>
    public static MdsfConverter<T> Required<T>(MdsfConverter<T?> value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);

        return new RequiredConverter<T>(value!);
    }

    /// <summary>Arrays, and null.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="element">Converts the elements.</param>
    public static MdsfConverter<T[]?> Array<T>(MdsfConverter<T> element)
    {
        ArgumentNullException.ThrowIfNull(element);

        return new SequenceConverter<T[], T>(element, static elements => [.. elements])!;
    }

    /// <summary>Lists, or one of the interfaces that <see cref="System.Collections.Generic.List{T}"/> has, and null.</summary>
    /// <typeparam name="TList">The type to which a list is assigned.</typeparam>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="element">Converts the elements.</param>
    public static MdsfConverter<TList?> List<TList, T>(MdsfConverter<T> element)
        where TList : class, IEnumerable<T>
    {
        ArgumentNullException.ThrowIfNull(element);

        return new SequenceConverter<TList, T>(element, static elements => (TList)(object)elements)!;
    }

    /// <summary>Immutable arrays.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="element">Converts the elements.</param>
    public static MdsfConverter<ImmutableArray<T>> ImmutableArray<T>(MdsfConverter<T> element)
    {
        ArgumentNullException.ThrowIfNull(element);

        return new SequenceConverter<ImmutableArray<T>, T>(element, static elements => [.. elements]);
    }

    /// <summary>Dictionaries with string keys, or one of the interfaces that <see cref="System.Collections.Generic.Dictionary{TKey, TValue}"/> has, and null.</summary>
    /// <typeparam name="TDictionary">The type to which a dictionary is assigned.</typeparam>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="value">Converts the values.</param>
    public static MdsfConverter<TDictionary?> Dictionary<TDictionary, T>(MdsfConverter<T> value)
        where TDictionary : class, IEnumerable<KeyValuePair<string, T>>
    {
        ArgumentNullException.ThrowIfNull(value);

        return new DictionaryConverter<TDictionary, T>(value)!;
    }

    /// <summary>Tuples of two elements, as arrays.</summary>
    public static MdsfConverter<(T1, T2)> Tuple<T1, T2>(MdsfConverter<T1> first, MdsfConverter<T2> second) =>
        new PairConverter<T1, T2>(first, second);

    /// <summary>Tuples of three elements, as arrays.</summary>
    public static MdsfConverter<(T1, T2, T3)> Tuple<T1, T2, T3>(MdsfConverter<T1> first, MdsfConverter<T2> second, MdsfConverter<T3> third) =>
        new TripleConverter<T1, T2, T3>(first, second, third);

    /// <summary>Tuples of four elements, as arrays.</summary>
    public static MdsfConverter<(T1, T2, T3, T4)> Tuple<T1, T2, T3, T4>(
        MdsfConverter<T1> first, MdsfConverter<T2> second, MdsfConverter<T3> third, MdsfConverter<T4> fourth) =>
        new QuadrupleConverter<T1, T2, T3, T4>(first, second, third, fourth);
}
