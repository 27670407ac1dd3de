using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Jstp.Transport.Streams;
using Jstp.Transport.Tests.WebSockets;

namespace Jstp.Transport.Tests.Streams;

/// <summary>Texts between zero bytes (protocol page, appendix).</summary>
public sealed class JstpStreamReaderTests
{
    private const int Limit = 100;

    [Fact]
    public void Read_SeveralTextsInOneInput_ComeOneByOneWhereTheyLie()
    {
        byte[] bytes = "{ping:[1]}\0{}\0{pong:[-1]}\0"u8.ToArray();
        using var reader = new JstpStreamReader(Limit);
        var input = new ReadOnlySequence<byte>(bytes);

        Assert.Equal(JstpStreamStatus.Text, reader.Read(ref input, out ReadOnlyMemory<byte> first));
        Assert.True(bytes.AsSpan().Overlaps(first.Span, out int offset));
        Assert.Equal(0, offset);
        Assert.Equal("{ping:[1]}", Encoding.UTF8.GetString(first.Span));
        Assert.Equal(["{}", "{pong:[-1]}"], ReadAll(reader, ref input));
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void Read_CutAtAnyTwoBytes_FindsTheSameTexts()
    {
        byte[] bytes = "{a:1}\0\0{b:'wörld €😀'}\0 \0{}\0"u8.ToArray();

        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
            {
                using var reader = new JstpStreamReader(Limit);

                Assert.Equal(["{a:1}", "", "{b:'wörld €😀'}", " ", "{}"], Play(reader, bytes[..first], bytes[first..second], bytes[second..]));
            }
        }
    }

    [Fact]
    public void Read_RandomTextsCutAnyhow_ReadBackWhatWasWritten() =>
        Prop.ForAll<NonNull<string>[], PositiveInt, PositiveInt>(static (texts, read, segment) =>
        {
            string[] expected = [.. texts.Select(static text => Valid(text.Get))];
            var output = new ArrayBufferWriter<byte>();

            foreach (string text in expected)
            {
                JstpStreamWriter.Write(output, Encoding.UTF8.GetBytes(text));
            }

            using var reader = new JstpStreamReader(1_000_000);
            List<string> found = [];

            foreach (byte[] piece in output.WrittenSpan.ToArray().Chunk(read.Get))
            {
                ReadOnlySequence<byte> input = Frames.Cut(piece, segment.Get);
                found.AddRange(ReadAll(reader, ref input));
            }

            return expected.SequenceEqual(found);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(Limit + 1)]
    public void Read_TextOfTheLimit_IsTakenAndOneByteMoreIsGivenUpBeforeItsEnd(int chunk)
    {
        byte[] longest = [.. Enumerable.Repeat((byte)'x', Limit)];
        using var taken = new JstpStreamReader(Limit);
        using var givenUp = new JstpStreamReader(Limit);

        Assert.Equal([new string('x', Limit)], Play(taken, [.. ((byte[])[.. longest, 0]).Chunk(chunk)]));
        Assert.Equal([nameof(JstpStreamStatus.TooLarge)], Play(givenUp, [.. ((byte[])[.. longest, (byte)'x']).Chunk(chunk)]));
    }

    [Fact]
    public void Read_TooLongTextInOnePiece_IsRefused()
    {
        using var reader = new JstpStreamReader(3);

        Assert.Equal(["abc", nameof(JstpStreamStatus.TooLarge)], Play(reader, "abc\0abcd\0ok\0"u8.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Read_InvalidUtf8_FailsAndNothingFollows(int chunk)
    {
        byte[] bytes = [.. "{a:1}\0{b:'"u8, 0xC3, 0x28, .. "'}\0{c:1}\0"u8];
        using var reader = new JstpStreamReader(Limit);

        Assert.Equal(["{a:1}", nameof(JstpStreamStatus.InvalidUtf8)], Play(reader, [.. bytes.Chunk(chunk)]));
    }

    [Fact]
    public void Read_WarmedUp_AllocatesNothing()
    {
        byte[] bytes = [.. Enumerable.Repeat("{call:[1,'echo'],value:['0123456789abcdef']}\0"u8.ToArray(), 100).SelectMany(static text => text)];
        using var reader = new JstpStreamReader(Limit);
        Count(reader, bytes);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = Count(reader, bytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(100, count);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Read_RandomBytes_NeverThrowsKeepsTheLimitAndTakesAll()
    {
        var random = new Random(20_261_121);

        for (int stream = 0; stream < 50_000; stream++)
        {
            byte[] bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);

            if (stream % 2 == 0)
            {
                bytes = [.. bytes.Select(value => value < 200 ? (byte)('a' + (value % 26)) : value < 230 ? (byte)0 : value)];
            }

            using var reader = new JstpStreamReader(Limit);
            string[] expected = Expect(bytes);

            string[] found = Play(reader, [.. bytes.Chunk(random.Next(1, 60))]);

            Assert.Equal(expected, found);
        }
    }

    // The same by the book: whole stream at hand, no state.
    private static string[] Expect(byte[] bytes)
    {
        List<string> texts = [];

        while (bytes.Length > 0)
        {
            int end = Array.IndexOf(bytes, (byte)0);
            byte[] text = end < 0 ? bytes : bytes[..end];

            if (text.Length > Limit)
            {
                texts.Add(nameof(JstpStreamStatus.TooLarge));
                break;
            }

            if (end < 0)
            {
                break;
            }

            try
            {
                texts.Add(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text));
            }
            catch (DecoderFallbackException)
            {
                texts.Add(nameof(JstpStreamStatus.InvalidUtf8));
                break;
            }

            bytes = bytes[(end + 1)..];
        }

        return [.. texts];
    }

    private static string[] Play(JstpStreamReader reader, params byte[][] pieces)
    {
        List<string> found = [];

        foreach (byte[] piece in pieces)
        {
            var input = new ReadOnlySequence<byte>(piece);
            found.AddRange(ReadAll(reader, ref input));
            Assert.True(input.IsEmpty, "Nothing may be left lying.");
            Array.Fill(piece, (byte)'!'); // what was taken is looked at no more
        }

        return [.. found];
    }

    private static List<string> ReadAll(JstpStreamReader reader, ref ReadOnlySequence<byte> input)
    {
        List<string> found = [];

        while (reader.Read(ref input, out ReadOnlyMemory<byte> text) is var status and not JstpStreamStatus.None)
        {
            found.Add(status is JstpStreamStatus.Text ? Encoding.UTF8.GetString(text.Span) : status.ToString());
        }

        return found;
    }

    private static int Count(JstpStreamReader reader, byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        int count = 0;

        while (reader.Read(ref input, out _) is JstpStreamStatus.Text)
        {
            count++;
        }

        return count;
    }

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace("\0", "", StringComparison.Ordinal)));
}
