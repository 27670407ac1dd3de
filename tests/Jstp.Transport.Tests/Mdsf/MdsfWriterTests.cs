using System.Buffers;
using System.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>How a writer is used; the texts of single values are the business of <see cref="MdsfVectorTests"/>.</summary>
public sealed class MdsfWriterTests
{
    [Fact]
    public void Write_Message_PutsCommasAndQuotes()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);

        writer.WriteStartObject();
        writer.WritePropertyName("call"u8);
        writer.WriteStartArray();
        writer.WriteNumber(1);
        writer.WriteStringUtf8("it's"u8);
        writer.WriteEndArray();
        writer.WritePropertyName("a-b");
        writer.WriteRaw("[,1]"u8);
        writer.WritePropertyName("été"u8);
        writer.WriteStartArray();
        writer.WriteRaw(default);
        writer.WriteUndefined();
        writer.WriteBoolean(false);
        writer.WriteString((string?)null);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();

        Assert.Equal(@"{call:[1,'it\'s'],'a-b':[,1],'été':[undefined,undefined,false,null]}", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(output.WrittenCount, writer.BytesWritten);
    }

    [Fact]
    public void WriteUndefined_AsMember_TakesTheMemberBack()
    {
        AssertText("{}", (ref MdsfWriter writer) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("a");
            writer.WriteUndefined();
            writer.WriteEndObject();
        });
        AssertText("{b:1,d:{e:2}}", (ref MdsfWriter writer) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("a"u8);
            writer.WriteUndefined();
            writer.WritePropertyName("b");
            writer.WriteNumber(1);
            writer.WritePropertyName(new string('c', 5000));
            writer.WriteUndefined();
            writer.WritePropertyName("d");
            writer.WriteStartObject();
            writer.WritePropertyName("e");
            writer.WriteNumber(2);
            writer.WritePropertyName("f");
            writer.WriteUndefined();
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    [Fact]
    public void WritePropertyName_Prototype_LeavesTheMemberOut()
    {
        AssertText("{b:{c:1}}", (ref MdsfWriter writer) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("__proto__");
            writer.WriteStartObject();
            writer.WritePropertyName("__proto__"u8);
            writer.WriteStartArray();
            writer.WriteString(new string('x', 10_000));
            writer.WriteEndArray();
            writer.WritePropertyName("x");
            writer.WriteUndefined();
            writer.WriteEndObject();
            writer.WritePropertyName("b");
            writer.WriteStartObject();
            writer.WritePropertyName("c");
            writer.WriteNumber(1);
            writer.WritePropertyName("__proto__");
            writer.WriteUndefined();
            writer.WriteEndObject();
            writer.WritePropertyName("__proto__");
            writer.WriteNull();
            writer.WriteEndObject();
        });
    }

    [Fact]
    public void Writer_GivenUpBeforeFlush_LeavesNoTrace()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);

        writer.WriteStartArray();
        writer.WriteString(new string('x', 100_000));

        Assert.Equal(0, output.WrittenCount);
        Assert.Equal(100_003, writer.BytesWritten);
    }

    [Fact]
    public void Flush_InTheMiddle_GoesOn()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);

        writer.WriteStartArray();
        writer.WriteNumber(1);
        writer.Flush();
        writer.WriteNumber(2);
        writer.Flush();
        writer.WriteEndArray();
        writer.Flush();

        Assert.Equal("[1,2]", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void WriteString_LongTextOfAllKinds_ReadsBack()
    {
        string[] pieces = ["\ud83d", "plain\n", "\U0001F680é'", "\u2028", "\\"];
        string text = string.Concat(Enumerable.Range(0, 3000).Select(i => pieces[i * i % pieces.Length]));

        string written = MdsfValue.FromString(text).ToString();
        MdsfValue named = MdsfValue.CreateObject((text, 1));

        Assert.Equal(text, MdsfValue.Parse(written).AsString());
        Assert.Equal(named, MdsfValue.Parse(named.ToString()));
    }

    [Theory]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(2048)]
    public void WriteString_PairAcrossTheChunks_StaysAPair(int length)
    {
        string text = new string('x', length - 1) + "\U0001F680";

        string written = MdsfValue.FromString(text).ToString();

        Assert.Equal($"'{text}'", written);
    }

    [Fact]
    public void WriteNumber_OfTheWideTypes_IsExactOrAnError()
    {
        AssertText("9007199254740992", static (ref MdsfWriter writer) => writer.WriteNumber(9007199254740992L));
        AssertText("-9223372036854776000.0", static (ref MdsfWriter writer) => writer.WriteNumber(long.MinValue));
        AssertText("9223372036854776000.0", static (ref MdsfWriter writer) => writer.WriteNumber(9223372036854775808UL));
        AssertText("0.1", static (ref MdsfWriter writer) => writer.WriteNumber(0.100m));
        AssertText("100", static (ref MdsfWriter writer) => writer.WriteNumber(100m));
        AssertText("0", static (ref MdsfWriter writer) => writer.WriteNumber(-0.0));
        Assert.Throws<MdsfConversionException>(() => Write(static (ref MdsfWriter writer) => writer.WriteNumber(long.MaxValue)));
        Assert.Throws<MdsfConversionException>(() => Write(static (ref MdsfWriter writer) => writer.WriteNumber(ulong.MaxValue)));
        Assert.Throws<MdsfConversionException>(() => Write(static (ref MdsfWriter writer) => writer.WriteNumber(0.1000000000000000055m)));
    }

    [Fact]
    public void Write_OutOfPlace_IsMisuse()
    {
        AssertMisuse(static (ref MdsfWriter writer) => writer.WriteEndArray());
        AssertMisuse(static (ref MdsfWriter writer) => writer.WritePropertyName("a"));
        AssertMisuse(static (ref MdsfWriter writer) =>
        {
            writer.WriteNull();
            writer.WriteNull();
        });
        AssertMisuse(static (ref MdsfWriter writer) =>
        {
            writer.WriteStartObject();
            writer.WriteNull();
        });
        AssertMisuse(static (ref MdsfWriter writer) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("a");
            writer.WriteEndObject();
        });
        AssertMisuse(static (ref MdsfWriter writer) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("a");
            writer.Flush();
        });
        Assert.Throws<ArgumentException>(() => Write(static (ref MdsfWriter writer) => writer.WriteStringUtf8([0xC3])));
    }

    [Fact]
    public void WriteStart_Of513Levels_IsAnError()
    {
        Write(static (ref MdsfWriter writer) => Nest(ref writer, 512));

        Assert.Throws<MdsfConversionException>(() => Write(static (ref MdsfWriter writer) => Nest(ref writer, 513)));

        static void Nest(ref MdsfWriter writer, int levels)
        {
            for (int i = 0; i < levels; i++)
            {
                writer.WriteStartArray();
            }
        }
    }

    private delegate void Writing(ref MdsfWriter writer);

    private static void AssertText(string expected, Writing writing) => Assert.Equal(expected, Write(writing));

    private static void AssertMisuse(Writing writing) => Assert.Throws<InvalidOperationException>(() => Write(writing));

    private static string Write(Writing writing)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);
        writing(ref writer);
        writer.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
