using System.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>What a reader shows while it reads; what it accepts is the business of <see cref="MdsfVectorTests"/>.</summary>
public sealed class MdsfReaderTests
{
    [Fact]
    public void Read_Message_ShowsEveryTokenWithItsPlace()
    {
        var reader = new MdsfReader("{call: [1, 'echo'], 'v':[,true]}"u8);

        var tokens = new List<string>();

        while (reader.Read())
        {
            string raw = Encoding.UTF8.GetString(reader.ValueSpan);
            tokens.Add($"{reader.TokenType} {reader.TokenStart}-{reader.BytesConsumed} {raw} {reader.CurrentDepth}");
        }

        Assert.Equal(
            [
                "StartObject 0-1 { 0",
                "PropertyName 1-5 call 1",
                "StartArray 7-8 [ 1",
                "Number 8-9 1 2",
                "String 11-17 echo 2",
                "EndArray 17-18 ] 1",
                "PropertyName 20-23 v 1",
                "StartArray 24-25 [ 1",
                "Undefined 25-25  2",
                "True 26-30 true 2",
                "EndArray 30-31 ] 1",
                "EndObject 31-32 } 0",
            ],
            tokens);
        Assert.False(reader.Read());
        Assert.Equal(MdsfTokenType.None, reader.TokenType);
    }

    [Theory]
    [InlineData("'plain'", false, "plain")]
    [InlineData("'naïve'", false, "naïve")]
    [InlineData(@"'it\'s'", true, "it's")]
    public void GetString_String_IsDecoded(string text, bool hasEscapes, string expected)
    {
        var reader = new MdsfReader(Encoding.UTF8.GetBytes(text));

        reader.Read();

        Assert.Equal(hasEscapes, reader.HasEscapes);
        Assert.Equal(expected, reader.GetString());
        Assert.True(reader.ValueTextEquals(Encoding.UTF8.GetBytes(expected)));
        Assert.False(reader.ValueTextEquals("other"u8));
        Span<char> copy = stackalloc char[32];
        Assert.Equal(expected, copy[..reader.CopyString(copy)].ToString());
    }

    [Theory]
    [InlineData("{1.50:0}", true, "1.5")]
    [InlineData("{1e21:0}", true, "1e+21")]
    [InlineData("{1e-7:0}", true, "1e-7")]
    [InlineData("{0.000001:0}", true, "0.000001")]
    [InlineData("{123456789012345678901:0}", true, "123456789012345680000")]
    [InlineData("{1.5e300:0}", true, "1.5e+300")]
    [InlineData("{1e400:0}", true, "Infinity")]
    [InlineData("{42:0}", false, "42")]
    [InlineData("{\\u0061:0}", true, "a")]
    public void GetString_Key_IsItsTextInJavaScript(string text, bool hasEscapes, string expected)
    {
        var reader = new MdsfReader(Encoding.UTF8.GetBytes(text));
        reader.Read();

        reader.Read();

        Assert.Equal(hasEscapes, reader.HasEscapes);
        Assert.Equal(expected, reader.GetString());
        Assert.True(reader.ValueTextEquals(Encoding.UTF8.GetBytes(expected)));
    }

    [Theory]
    [InlineData("5", true, 5)]
    [InlineData("-5", true, -5)]
    [InlineData("5.0", true, 5)]
    [InlineData("-0", true, 0)]
    [InlineData("1e3", true, 1000)]
    [InlineData("999999999999999", true, 999999999999999)]
    [InlineData("9007199254740993", true, 9007199254740992)]
    [InlineData("-9223372036854775808", true, long.MinValue)]
    [InlineData("9223372036854775807", false, 0)]
    [InlineData("5.5", false, 0)]
    [InlineData("NaN", false, 0)]
    public void TryGetInt64_Number_IsWholeAndInRange(string text, bool expected, long value)
    {
        foreach (string terminated in new[] { text, text + " ", $"[{text}]" })
        {
            var reader = new MdsfReader(Encoding.UTF8.GetBytes(terminated));
            reader.Read();

            if (reader.TokenType == MdsfTokenType.StartArray)
            {
                reader.Read();
            }

            Assert.Equal(expected, reader.TryGetInt64(out long number));
            Assert.Equal(value, number);
            Assert.Equal(expected && value is >= int.MinValue and <= int.MaxValue, reader.TryGetInt32(out int small));
            Assert.Equal(small == 0 ? 0 : value, small);
        }
    }

    [Fact]
    public void Skip_AtContainerOrKey_GoesToItsEnd()
    {
        var reader = new MdsfReader("[{a:[1,{b:2}]},[[]],3]"u8);

        reader.Read();
        reader.Read();
        reader.Skip();
        Assert.Equal((MdsfTokenType.EndObject, 14), (reader.TokenType, reader.BytesConsumed));
        reader.Read();
        reader.Skip();
        Assert.Equal((MdsfTokenType.EndArray, 19), (reader.TokenType, reader.BytesConsumed));
        reader.Read();
        reader.Skip();
        Assert.Equal(MdsfTokenType.Number, reader.TokenType);

        var keyed = new MdsfReader("{a:[1],b:2}"u8);
        keyed.Read();
        keyed.Read();
        keyed.Skip();
        Assert.Equal((MdsfTokenType.EndArray, 6), (keyed.TokenType, keyed.BytesConsumed));
    }

    [Fact]
    public void Get_OfAnotherType_IsMisuse()
    {
        Assert.Throws<InvalidOperationException>(() => On("5").GetString());
        Assert.Throws<InvalidOperationException>(() => On("'5'").GetDouble());
        Assert.Throws<InvalidOperationException>(() => On("'5'").TryGetInt64(out _));
        Assert.Throws<InvalidOperationException>(() => On("null").GetBoolean());

        static MdsfReader On(string text)
        {
            var reader = new MdsfReader(Encoding.UTF8.GetBytes(text));
            reader.Read();
            return reader;
        }
    }

    [Theory]
    [InlineData("[1,2", 4, "expected ',' or ']', found the end of the text")]
    [InlineData("{a 1}", 3, "expected ':', found '1'")]
    [InlineData("[tru]", 4, "expected a value, found ']'")]
    [InlineData("'\\u00g0'", 5, "expected a hexadecimal digit, found 'g'")]
    [InlineData("[1] 2", 4, "expected the end of the text, found '2'")]
    [InlineData("/*", 2, "expected '*/', found the end of the text")]
    [InlineData("{-1:2}", 1, "expected a key, found '-'")]
    [InlineData("[1.e]", 4, "expected a digit of the exponent, found ']'")]
    public void Read_BadText_NamesPlaceAndExpectation(string text, long offset, string message)
    {
        MdsfException error = Assert.Throws<MdsfException>(() => MdsfValue.Parse(text));

        Assert.Equal($"Bad MDSF at offset {offset}: {message}.", error.Message);
        Assert.Equal(offset, error.Offset);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'\'', 0xC3, (byte)'\'' }, 1)]
    [InlineData(new byte[] { (byte)'\'', (byte)'a', 0xED, 0xA0, 0x80, (byte)'\'' }, 2)]
    [InlineData(new byte[] { (byte)'\'', (byte)'\\', 0xFF, (byte)'\'' }, 2)]
    [InlineData(new byte[] { (byte)'{', 0xC3, 0x28, (byte)':', (byte)'1', (byte)'}' }, 1)]
    [InlineData(new byte[] { (byte)'/', (byte)'/', 0x80, (byte)'\n', (byte)'1' }, 2)]
    [InlineData(new byte[] { (byte)'/', (byte)'*', 0xC0, 0x80, (byte)'*', (byte)'/', (byte)'1' }, 2)]
    public void Read_InvalidUtf8_IsBadTextAtItsPlace(byte[] text, long offset)
    {
        MdsfException error = Assert.Throws<MdsfException>(() => MdsfValue.Parse(text));

        Assert.Equal(offset, error.Offset);
        Assert.EndsWith("expected valid UTF-8.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TextInPieces_ShowsTokensWithoutACopyWhereTheyAreWhole()
    {
        byte[] first = "['whole',"u8.ToArray();
        var reader = new MdsfReader(CutPayload.Join([first, [], "'cr"u8.ToArray(), "ossing']"u8.ToArray()]));

        reader.Read();
        reader.Read();
        Assert.True(reader.ValueSpan.Overlaps(first));
        reader.Read();

        Assert.Equal("crossing", reader.GetString());
        Assert.Equal((9, 19), (reader.TokenStart, reader.BytesConsumed));
    }
}
