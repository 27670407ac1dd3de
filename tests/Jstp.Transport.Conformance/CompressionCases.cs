using System.IO.Compression;
using System.Text;
using Jstp.Transport.Tests.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Conformance;

/// <summary>RFC 7692, 6 and 7.2: compressed messages, byte by byte; the server's answers are not compressed.</summary>
internal static class CompressionCases
{
    private const int Rsv1 = 4;

    // RFC 7692, 7.2.3: "Hello" in all the ways that the RFC shows.
    private const string Hello = "f248cdc9c90700";
    private const string FinalHello = "f348cdc9c90700";
    private const string FiveBack = "f200110000";
    private const string FinalFiveBack = "f3001100";

    /// <summary>Cases that hold whether the client keeps its context or not.</summary>
    public static IEnumerable<ConformanceCase> All() => [.. Examples(), .. FinalBlocks(), .. Frame(), .. Broken()];

    /// <summary>Cases that need the context of earlier messages.</summary>
    public static IEnumerable<ConformanceCase> WithContext()
    {
        yield return new("12.5.1", "a reference to the message before", Messages(Hello, FiveBack), Hellos(1, 1), null);
        yield return new("12.5.2", "a plain message between", Frames.Join(Text(Hello), Frames.Masked(Opcode.Text, "plain"), Text(FiveBack)), ["Text:Hello", "Text:plain", "Text:Hello"], null);
        yield return new("12.5.3", "a final block that refers to the message before", Messages(Hello, FinalFiveBack + "00"), Hellos(1, 1), null);
        yield return new("12.5.4", "both sides of a final block refer to the message before", Messages(Hello, FinalFiveBack + FiveBack), Hellos(1, 2), null);
        yield return new("12.5.5", "a reference to a message that ended with a final block", Messages(FinalHello, FiveBack), Hellos(1, 1), null);
    }

    private static IEnumerable<ConformanceCase> Examples()
    {
        yield return new("12.1.1", "one block", Messages(Hello), Hellos(1), null);
        yield return new("12.1.2", "a stored block", Messages("000500faff48656c6c6f00"), Hellos(1), null);
        yield return new("12.1.3", "two blocks", Messages("f248050000 00ffffcac9c90700"), Hellos(1), null);
        yield return new("12.1.4", "nothing", Messages("00"), ["Text:"], null);
        yield return new("12.1.5", "message behind message", Messages(Hello, Hello), Hellos(1, 1), null);
        yield return new("12.1.6", "uncompressed although agreed on", Frames.Masked(Opcode.Text, "Hello"), Hellos(1), null);
        yield return new("12.1.7", "binary", Frames.Masked(Opcode.Binary, Frames.Hex(Hello), reserved: Rsv1), ["Binary:Hello"], null);

        foreach (int length in (int[])[16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072])
        {
            string text = string.Concat(Enumerable.Range(0, length / 8).Select(i => $"{i * 7919 % 100_000_000:D8}"));
            yield return new($"12.2.{length}", $"{length} bytes", Compressed(text), [$"Text:{text}"], null);
        }
    }

    private static IEnumerable<ConformanceCase> FinalBlocks()
    {
        // RFC 7692, 7.2.3.4: a final block is an end for no message.
        yield return new("12.3.1", "a final block", Messages(FinalHello + "00"), Hellos(1), null);
        yield return new("12.3.2", "a final block without the octet behind it", Messages(FinalHello), Hellos(1), null);
        yield return new("12.3.3", "a block behind a final block", Messages(FinalHello + Hello), Hellos(2), null);
        yield return new("12.3.4", "three final blocks", Messages(FinalHello + FinalHello + FinalHello + "00"), Hellos(3), null);
        yield return new("12.3.5", "a reference across a final block", Messages(FinalHello + FiveBack), Hellos(2), null);
        yield return new("12.3.6", "a final block completed by the tail", Messages("f248cdc9c90704"), Hellos(1), null);
        yield return new("12.3.7", "messages with final blocks", Messages(FinalHello + Hello, FinalHello + "00", Hello), Hellos(2, 1, 1), null);
        yield return new("12.3.8", "nonsense behind a final block", Messages(FinalHello + "07ffff"), [], 1007);
    }

    private static IEnumerable<ConformanceCase> Frame()
    {
        byte[] hello = Frames.Hex(Hello);
        byte[] first = Frames.Masked(Opcode.Text, hello.AsSpan(0, 3), fin: false, reserved: Rsv1);

        yield return new("12.4.1", "fragments", Frames.Join(first, Frames.Masked(Opcode.Continuation, hello.AsSpan(3))), Hellos(1), null);
        yield return new(
            "12.4.2",
            "a ping between fragments",
            Frames.Join(first, Frames.Masked(Opcode.Ping, "p"), Frames.Masked(Opcode.Continuation, hello.AsSpan(3))),
            ["Pong:p", "Text:Hello"],
            null);
        yield return new(
            "12.4.3",
            "empty fragments",
            Frames.Join(
                Frames.Masked(Opcode.Text, [], fin: false, reserved: Rsv1),
                Frames.Masked(Opcode.Continuation, hello, fin: false),
                Frames.Masked(Opcode.Continuation, "")),
            Hellos(1),
            null);
        yield return new(
            "12.4.4",
            "a byte a frame",
            Frames.Join([.. hello.Select((value, i) => Frames.Masked(i == 0 ? Opcode.Text : Opcode.Continuation, [value], i == hello.Length - 1, i == 0 ? Rsv1 : 0))]),
            Hellos(1),
            null);
        yield return new("12.4.5", "RSV1 on a continuation", Frames.Join(first, Frames.Masked(Opcode.Continuation, hello.AsSpan(3), reserved: Rsv1)), [], 1002);
        yield return new("12.4.6", "RSV1 on a ping", Frames.Masked(Opcode.Ping, [], reserved: Rsv1), [], 1002);
        yield return new("12.4.7", "RSV1 on a Close", Frames.Masked(Opcode.Close, [], reserved: Rsv1), [], 1002);
        yield return new("12.4.8", "RSV1 and RSV2", Frames.Masked(Opcode.Text, hello, reserved: Rsv1 | 2), [], 1002);
        yield return new("12.4.9", "a Close inside a compressed message", Frames.Join(first, Frames.MaskedClose(1000)), [], 1000);
    }

    private static IEnumerable<ConformanceCase> Broken()
    {
        yield return new("12.6.1", "a reserved type of block", Messages("07ffff"), [], 1007);
        yield return new("12.6.2", "stored lengths that disagree", Messages("0005000000"), [], 1007);
        yield return new("12.6.3", "a reference before the start", Messages(FiveBack), [], 1007);
        yield return new("12.6.4", "text that is not UTF-8 when inflated", Frames.Masked(Opcode.Text, Deflate([0x61, 0xFF]), reserved: Rsv1), [], 1007);
        yield return new("12.6.5", "more than the limit when inflated", Frames.Masked(Opcode.Binary, Deflate(new byte[ConformanceTests.Limit + 1]), reserved: Rsv1), [], 1009);
        yield return new(
            "12.6.6",
            "exactly the limit when inflated",
            Frames.Masked(Opcode.Binary, Deflate(new byte[ConformanceTests.Limit]), reserved: Rsv1),
            ["Binary:" + new string('\0', ConformanceTests.Limit)],
            null);
    }

    private static byte[] Messages(params string[] digits) => Frames.Join([.. digits.Select(Text)]);

    private static byte[] Text(string digits) => Frames.Masked(Opcode.Text, Frames.Hex(digits), reserved: Rsv1);

    private static byte[] Compressed(string text) => Frames.Masked(Opcode.Text, Deflate(Encoding.UTF8.GetBytes(text)), reserved: Rsv1);

    /// <summary>Answers of so many hellos each.</summary>
    private static string[] Hellos(params int[] counts) => [.. counts.Select(count => "Text:" + string.Concat(Enumerable.Repeat("Hello", count)))];

    private static byte[] Deflate(byte[] message)
    {
        using var output = new MemoryStream();
        using var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(message);
        deflate.Flush();
        return output.ToArray()[..^4];
    }
}
