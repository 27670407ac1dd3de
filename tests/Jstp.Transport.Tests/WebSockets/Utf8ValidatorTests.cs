using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

public sealed class Utf8ValidatorTests
{
    /// <summary>Text in hex, and how many bytes pass before the first impossible one; -1 when the text is valid.</summary>
    public static TheoryData<string, int> Texts => new()
    {
        { "", -1 },
        { "48656C6C6F", -1 },
        { "C3A9", -1 },
        { "E282AC", -1 },
        { "F09F9880", -1 },
        { "F48FBFBF", -1 },
        { "EE8080EFBFBF", -1 },
        { "ED9FBF", -1 },
        { "80", 0 },
        { "C080", 0 },
        { "C1BF", 0 },
        { "C328", 1 },
        { "E08080", 1 },
        { "E28228", 2 },
        { "EDA080", 1 },
        { "F0808080", 1 },
        { "F4908080", 1 },
        { "F5808080", 0 },
        { "FF", 0 },
        { "61626364656667686970717273747576FF6161", 16 },
        { "CEBAE1BDB9CF83CEBCCEB5F4908080656469746564", 12 },
    };

    [Theory, MemberData(nameof(Texts))]
    public void Append_ByteByByte_FailsAtTheFirstImpossibleByte(string digits, int valid)
    {
        byte[] text = Frames.Hex(digits);
        var validator = default(Utf8Validator);
        int passed = text.TakeWhile(value => validator.Append([value])).Count();

        Assert.Equal(valid < 0 ? text.Length : valid, passed);
    }

    [Theory, MemberData(nameof(Texts))]
    public void Append_CutAnywhere_AgreesWithTheWhole(string digits, int valid)
    {
        byte[] text = Frames.Hex(digits);

        for (int cut = 0; cut <= text.Length; cut++)
        {
            var validator = default(Utf8Validator);
            bool accepted = validator.Append(text.AsSpan(0, cut)) && validator.Append(text.AsSpan(cut)) && validator.IsComplete;

            Assert.Equal(valid < 0, accepted);
        }
    }

    [Theory]
    [InlineData("C3")]
    [InlineData("E282")]
    [InlineData("41F09F98")]
    public void IsComplete_SequenceOpen_IsFalse(string digits)
    {
        var validator = default(Utf8Validator);

        Assert.True(validator.Append(Frames.Hex(digits)));
        Assert.False(validator.IsComplete);
    }

    [Fact]
    public void Append_RandomBytesInRandomPieces_AgreesWithTheFramework()
    {
        var random = new Random(11);
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

        for (int round = 0; round < 20_000; round++)
        {
            byte[] text = CreateText(random);
            var validator = default(Utf8Validator);
            bool accepted = true;

            for (int start = 0; start < text.Length && accepted;)
            {
                int length = Math.Min(random.Next(0, 12), text.Length - start);
                accepted = validator.Append(text.AsSpan(start, length));
                start += length;
            }

            Assert.Equal(IsValid(strict, text), accepted && validator.IsComplete);
        }
    }

    private static byte[] CreateText(Random random)
    {
        string[] pieces = ["a", "é", "€", "😀", "plain text that is a little longer than a vector of bytes"];
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)])));

        if (text.Length > 0 && random.Next(3) == 0)
        {
            text[random.Next(text.Length)] = (byte)random.Next(256);
        }

        return text;
    }

    private static bool IsValid(UTF8Encoding strict, byte[] text)
    {
        try
        {
            strict.GetCharCount(text);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
