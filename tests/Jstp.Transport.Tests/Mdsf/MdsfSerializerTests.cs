using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>Types that MDSF knows itself (mdsf.md, section 5.4).</summary>
public sealed class MdsfSerializerTests
{
    private static readonly MdsfSerializer Serializer = MdsfSerializer.Default;

    public enum Colour
    {
        Red,
        DarkGreen,
    }

    [Flags]
    public enum Access
    {
        None = 0,
        Read = 1,
        Write = 2,
    }

    [Theory]
    [InlineData(true, "true")]
    [InlineData((sbyte)-128, "-128")]
    [InlineData((byte)255, "255")]
    [InlineData((short)-32768, "-32768")]
    [InlineData(ushort.MaxValue, "65535")]
    [InlineData(int.MinValue, "-2147483648")]
    [InlineData(uint.MaxValue, "4294967295")]
    [InlineData(9007199254740992, "9007199254740992")]
    [InlineData(9223372036854775808, "9223372036854776000.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.1f, "0.1")]
    [InlineData(3.4028235E+38f, "340282350000000000000000000000000000000.0")]
    [InlineData('x', "'x'")]
    [InlineData("it's", @"'it\'s'")]
    [InlineData(Colour.DarkGreen, "'DarkGreen'")]
    [InlineData(Access.Read | Access.Write, "'Read, Write'")]
    public void Serialize_SimpleValue_IsItsTextAndReadsBack(object value, string expected)
    {
        string text = Serializer.SerializeToString(value);
        object? back = Read(value.GetType(), text);

        Assert.Equal(expected, text);
        Assert.Equal(value, back);
    }

    [Fact]
    public void Serialize_ValuesWithoutLiterals_AreTheirTextAndReadBack()
    {
        AssertBothWays(0.10m, "0.1");
        AssertBothWays((Int128)1 << 100, "1267650600228229400000000000000.0");
        AssertBothWays(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), "'01234567-89ab-cdef-0123-456789abcdef'");
        AssertBothWays(new Uri("http://example.org/a?b"), "'http://example.org/a?b'");
        AssertBothWays(new DateTime(2021, 2, 3, 4, 5, 6, 7, DateTimeKind.Utc), "'2021-02-03T04:05:06.007Z'");
        AssertBothWays(new DateTimeOffset(2021, 2, 3, 4, 5, 6, 7, TimeSpan.Zero), "'2021-02-03T04:05:06.007Z'");
        AssertBothWays<byte[]>([1, 2, 255], "'AQL/'");
        AssertBothWays(new DateTime?(), "null");
        AssertBothWays<int?>(5, "5");
        AssertBothWays((1, "a"), "[1,'a']");
        AssertBothWays((1, "a", true), "[1,'a',true]");
        AssertBothWays((1, "a", true, 0.5), "[1,'a',true,0.5]");
    }

    [Fact]
    public void Serialize_TimeWithAnotherOffset_IsUtcWithMilliseconds()
    {
        var time = new DateTimeOffset(2021, 2, 3, 6, 5, 6, 7, TimeSpan.FromHours(2)).AddTicks(9999);

        string text = Serializer.SerializeToString(time);

        Assert.Equal("'2021-02-03T04:05:06.007Z'", text);
    }

    [Fact]
    public void Serialize_TimeOfUnspecifiedKind_IsTakenForUtc()
    {
        var time = new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Unspecified);

        string text = Serializer.SerializeToString(time);

        Assert.Equal("'2021-02-03T04:05:06.000Z'", text);
    }

    [Theory]
    [InlineData("'2021-02-03T04:05:06.007Z'", "2021-02-03T04:05:06.0070000Z")]
    [InlineData("'2021-02-03T04:05:06Z'", "2021-02-03T04:05:06.0000000Z")]
    [InlineData("'2021-02-03T05:05:06+01:00'", "2021-02-03T04:05:06.0000000Z")]
    [InlineData("'2021-02-03T04:05Z'", "2021-02-03T04:05:00.0000000Z")]
    [InlineData("'2021-02-03'", "2021-02-03T00:00:00.0000000Z")]
    public void Deserialize_Date_IsUtc(string text, string expected)
    {
        DateTime time = Deserialize<DateTime>(text);

        Assert.Equal(expected, time.ToString("O", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Serialize_Collections_AreArraysAndObjects()
    {
        AssertText("[1,2]", new[] { 1, 2 });
        AssertText("['a',null]", new List<string?> { "a", null });
        AssertText("[[1],[]]", (IReadOnlyList<int[]>)[[1], []]);
        AssertText("[1,2]", Enumerable.Range(1, 2));
        AssertText("[0.5]", ImmutableArray.Create(0.5));
        AssertText("{a:1,'b-c':2}", new Dictionary<string, int> { ["a"] = 1, ["b-c"] = 2 });
        AssertText("{b:[1]}", (IReadOnlyDictionary<string, int[]>)new Dictionary<string, int[]> { ["b"] = [1] });
        AssertText("{a:1}", new Dictionary<string, object?> { ["__proto__"] = new[] { new object() }, ["a"] = 1 });
        AssertText("null", (int[]?)null);
        AssertText(
            "[1,'a',null,{b:[true]},undefined]",
            new object?[] { 1, "a", null, new Dictionary<string, object> { ["b"] = new[] { true } }, MdsfValue.Undefined });
        AssertText("{}", new object());
    }

    [Fact]
    public void Deserialize_Collections_HoldTheElements()
    {
        Assert.Equal([1, 2], Deserialize<int[]>("[1,2]"));
        Assert.Equal(["a", null, null], Deserialize<IEnumerable<string?>>("['a',,null]"));
        Assert.Equal([1.5], Deserialize<ImmutableArray<double>>("[1.5]").AsEnumerable());
        Assert.Equal([1, null], Deserialize<IList<int?>>("[1,undefined]"));
        Assert.Equal([[], [1]], Deserialize<List<List<int>>>("[[],[1,]]"));
        Assert.Null(Deserialize<int[]>("null"));
    }

    [Fact]
    public void Deserialize_Object_IsAValueOfAnyShapeOrNull()
    {
        Assert.Equal(MdsfValue.Parse("[1,,{a:'x'}]"), Deserialize<object>("[1,,{a:'x'}]"));
        Assert.Null(Deserialize<object>("null"));
        Assert.Null(Deserialize<object>("undefined"));
        Assert.Equal(MdsfValue.Undefined, Deserialize<MdsfValue>("undefined"));
    }

    [Fact]
    public void Deserialize_Dictionary_FollowsTheRulesForMembers()
    {
        Dictionary<string, int> members = Deserialize<Dictionary<string, int>>("{a:1,b:2,a:undefined,b:3,__proto__:{x:1},7:4}");

        Assert.Equal(new Dictionary<string, int> { ["a"] = 1, ["b"] = 3, ["7"] = 4 }, members);
    }

    [Theory]
    [InlineData("5.0", 5)]
    [InlineData("-0", 0)]
    [InlineData("5e2", 500)]
    [InlineData("0x10", 16)]
    [InlineData("+7", 7)]
    public void Deserialize_WholeNumberInAnyNotation_IsAnInteger(string text, int expected)
    {
        int number = Deserialize<int>(text);

        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData(typeof(int), "2147483648")]
    [InlineData(typeof(int), "0.5")]
    [InlineData(typeof(int), "NaN")]
    [InlineData(typeof(int), "'5'")]
    [InlineData(typeof(int), "null")]
    [InlineData(typeof(int), "undefined")]
    [InlineData(typeof(byte), "-1")]
    [InlineData(typeof(byte), "256")]
    [InlineData(typeof(long), "9223372036854775808")]
    [InlineData(typeof(ulong), "-1")]
    [InlineData(typeof(ulong), "18446744073709551616")]
    [InlineData(typeof(Int128), "1e39")]
    [InlineData(typeof(decimal), "1e30")]
    [InlineData(typeof(decimal), "NaN")]
    [InlineData(typeof(bool), "1")]
    [InlineData(typeof(string), "1")]
    [InlineData(typeof(char), "'ab'")]
    [InlineData(typeof(Guid), "'x'")]
    [InlineData(typeof(DateTime), "'01/02/2003'")]
    [InlineData(typeof(Colour), "'Blue'")]
    [InlineData(typeof(Colour), "'1'")]
    [InlineData(typeof(Colour), "1")]
    [InlineData(typeof(byte[]), "'a'")]
    [InlineData(typeof(int[]), "{}")]
    [InlineData(typeof(int[]), "[null]")]
    [InlineData(typeof(Dictionary<string, int>), "[]")]
    [InlineData(typeof((int, int)), "[1]")]
    [InlineData(typeof((int, int)), "[1,2,3]")]
    [InlineData(typeof(ImmutableArray<int>), "null")]
    public void Deserialize_ValueThatDoesNotFit_IsAConversionError(Type type, string text)
    {
        MdsfConversionException error = Assert.Throws<MdsfConversionException>(() => Read(type, text));

        Assert.StartsWith("Expected", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<object> Unwritable =>
    [
        9007199254740993,
        ulong.MaxValue,
        0.12345678901234567890m,
        Int128.MaxValue,
        new BigInteger(1),
        (nint)1,
        new Action(static () => { }),
        (Colour)7,
        new object[] { new Action(static () => { }) },
    ];

    [Theory, MemberData(nameof(Unwritable))]
    public void Serialize_ValueThatMdsfCannotHold_IsAnErrorAndWritesNothing(object value)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();

        Assert.Throws<MdsfConversionException>(() => Serializer.Serialize<object>(output, new object[] { "before", value }));

        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Serialize_ListThatContainsItself_IsAnError()
    {
        var list = new List<object>();
        list.Add(list);

        MdsfConversionException error = Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(list));

        Assert.Contains("contains itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetConverter_OfParameters_RefusesNullWhereTheAnnotationDoes()
    {
        System.Reflection.ParameterInfo[] parameters = ((Delegate)Method).Method.GetParameters();

        Assert.Throws<MdsfConversionException>(() => Read(Serializer.GetConverter(parameters[0]), "null"));
        Assert.Throws<MdsfConversionException>(() => Read(Serializer.GetConverter(parameters[0]), "undefined"));
        Assert.Equal("a", Read(Serializer.GetConverter(parameters[0]), "'a'"));
        Assert.Null(Read(Serializer.GetConverter(parameters[1]), "null"));
        Assert.Equal(5, Read(Serializer.GetConverter(parameters[2]), "5"));

        static void Method(string required, string? optional, int number) => _ = (required, optional, number);
    }

    [Fact]
    public void GetConverter_SameType_IsTheSameConverter()
    {
        Type type = typeof(List<int>);

        MdsfConverter first = Serializer.GetConverter(type);

        Assert.Same(first, Serializer.GetConverter<List<int>>());
    }

    [Fact]
    public void Deserialize_TextBehindTheValue_IsBad()
    {
        Assert.Throws<MdsfException>(() => Deserialize<int>("1 2"));
    }

    private static void AssertText<T>(string expected, T value) => Assert.Equal(expected, Serializer.SerializeToString(value));

    private static void AssertBothWays<T>(T value, string expected)
    {
        string text = Serializer.SerializeToString(value);

        Assert.Equal(expected, text);
        Assert.Equal(value, Deserialize<T>(text));
    }

    private static T Deserialize<T>(string text) => Serializer.Deserialize<T>(Encoding.UTF8.GetBytes(text));

    private static object? Read(Type type, string text) => Read(Serializer.GetConverter(type), text);

    private static object? Read(MdsfConverter converter, string text)
    {
        var reader = new MdsfReader(Encoding.UTF8.GetBytes(text));
        reader.Read();
        object? value = converter.ReadAsObject(ref reader);
        Assert.False(reader.Read());
        return value;
    }
}
