using System.Text;
using Jstp.Transport.Tests.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Conformance;

/// <summary>RFC 6455, 5.2 to 5.6: lengths, control frames, reserved bits and opcodes, masking, fragmentation.</summary>
internal static class FramingCases
{
    public static IEnumerable<ConformanceCase> All() => [.. Lengths(), .. Control(), .. Reserved(), .. Masks(), .. Fragments(), .. Limits()];

    private static IEnumerable<ConformanceCase> Lengths()
    {
        foreach (int length in (int[])[0, 1, 125, 126, 127, 128, 65_535, 65_536, 100_000])
        {
            string text = new('*', length);
            byte[] bytes = [.. Enumerable.Repeat((byte)0xFE, length)];
            yield return new($"1.1.{length}", $"text of {length} bytes", Frames.Masked(Opcode.Text, text), [$"Text:{text}"], null);
            yield return new($"1.2.{length}", $"binary of {length} bytes", Frames.Masked(Opcode.Binary, bytes), [$"Binary:{Encoding.Latin1.GetString(bytes)}"], null);
        }

        yield return new("1.3.1", "5 bytes with a 16-bit length", Frames.Hex("81fe0005 37fa213d 7f9f4d5158"), ["Text:Hello"], null);
        yield return new("1.3.2", "5 bytes with a 64-bit length", Frames.Hex("81ff0000000000000005 37fa213d 7f9f4d5158"), ["Text:Hello"], null);
        yield return new("1.3.3", "top bit of a 64-bit length", Frames.MaskedHeader(Opcode.Text, 1UL << 63), [], 1002);
    }

    private static IEnumerable<ConformanceCase> Control()
    {
        yield return new("2.1", "empty ping", Frames.Masked(Opcode.Ping, ""), ["Pong:"], null);
        yield return new("2.2", "ping with text", Frames.Masked(Opcode.Ping, "Hello"), ["Pong:Hello"], null);
        yield return new("2.3", "ping with bytes", Frames.Masked(Opcode.Ping, [0x00, 0xFF, 0xFE]), ["Pong:\u0000\u00FF\u00FE"], null);
        yield return new("2.4", "ping of 125 bytes", Frames.Masked(Opcode.Ping, new byte[125]), ["Pong:" + new string('\0', 125)], null);
        yield return new("2.5", "ping of 126 bytes", Frames.Masked(Opcode.Ping, new byte[126]), [], 1002);
        yield return new("2.6", "pong that nobody asked for", Frames.Masked(Opcode.Pong, "x"), [], null);
        yield return new("2.7", "pong and ping", Frames.Join(Frames.Masked(Opcode.Pong, "a"), Frames.Masked(Opcode.Ping, "b")), ["Pong:b"], null);
        yield return new(
            "2.8",
            "ten pings",
            Frames.Join([.. Enumerable.Range(0, 10).Select(i => Frames.Masked(Opcode.Ping, $"{i}"))]),
            [.. Enumerable.Range(0, 10).Select(i => $"Pong:{i}")],
            null);
        yield return new(
            "2.8.1",
            "hundred pings",
            Frames.Join([.. Enumerable.Range(0, 100).Select(i => Frames.Masked(Opcode.Ping, $"{i}"))]),
            [.. Enumerable.Range(0, 100).Select(i => $"Pong:{i}")],
            null);
        yield return new("2.8.2", "a long ping among messages", Frames.Join(
            Frames.Masked(Opcode.Text, "a"), Frames.Masked(Opcode.Ping, new string('*', 125)), Frames.Masked(Opcode.Text, "b")),
            ["Text:a", "Pong:" + new string('*', 125), "Text:b"],
            null);
        yield return new("2.8.3", "pong of 126 bytes", Frames.Masked(Opcode.Pong, new byte[126]), [], 1002);
        yield return new("2.8.4", "pong of 125 bytes", Frames.Masked(Opcode.Pong, new byte[125]), [], null);
        yield return new("2.9", "ping in fragments", Frames.Masked(Opcode.Ping, "x", fin: false), [], 1002);
        yield return new("2.10", "pong in fragments", Frames.Masked(Opcode.Pong, "x", fin: false), [], 1002);
        yield return new("2.11", "Close in fragments", Frames.Masked(Opcode.Close, [0x03, 0xE8], fin: false), [], 1002);
    }

    private static IEnumerable<ConformanceCase> Reserved()
    {
        foreach (int bits in Enumerable.Range(1, 7))
        {
            yield return new($"3.1.{bits}", $"reserved bits {bits} on text", Frames.Masked(Opcode.Text, "x"u8, reserved: bits), [], 1002);
            yield return new($"3.2.{bits}", $"reserved bits {bits} on a ping", Frames.Masked(Opcode.Ping, "x"u8, reserved: bits), [], 1002);
            yield return new($"3.3.{bits}", $"reserved bits {bits} on a Close", Frames.Masked(Opcode.Close, [], reserved: bits), [], 1002);
            yield return new(
                $"3.4.{bits}",
                $"reserved bits {bits} on a continuation",
                Frames.Join(Frames.Masked(Opcode.Text, "a", fin: false), Frames.Masked(Opcode.Continuation, "b"u8, reserved: bits)),
                [],
                1002);
        }

        yield return new(
            "3.5",
            "a reserved bit behind a message, with a ping behind it",
            Frames.Join(Frames.Masked(Opcode.Text, "first"), Frames.Masked(Opcode.Text, "x"u8, reserved: 2), Frames.Masked(Opcode.Ping, "p")),
            ["Text:first"],
            1002);

        foreach (int opcode in (int[])[3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
        {
            yield return new($"4.1.{opcode}", $"opcode {opcode}, empty", Frames.Masked((Opcode)opcode, ""), [], 1002);
            yield return new($"4.2.{opcode}", $"opcode {opcode}, payload", Frames.Masked((Opcode)opcode, "payload"), [], 1002);
            yield return new(
                $"4.3.{opcode}",
                $"opcode {opcode} behind a message",
                Frames.Join(Frames.Masked(Opcode.Text, "first"), Frames.Masked((Opcode)opcode, "")),
                ["Text:first"],
                1002);
        }
    }

    private static IEnumerable<ConformanceCase> Masks()
    {
        yield return new("4.4.1", "unmasked text", Frames.Unmasked(Opcode.Text, "x"), [], 1002);
        yield return new("4.4.2", "unmasked ping", Frames.Unmasked(Opcode.Ping, ""), [], 1002);
        yield return new("4.4.3", "unmasked Close", Frames.Unmasked(Opcode.Close, ""), [], 1002);
        yield return new("4.4.4", "mask key of zeros", Frames.Hex("8185 00000000 48656c6c6f"), ["Text:Hello"], null);
    }

    private static IEnumerable<ConformanceCase> Fragments()
    {
        byte[] first = Frames.Masked(Opcode.Text, "one", fin: false);
        byte[] middle = Frames.Masked(Opcode.Continuation, "two", fin: false);
        byte[] last = Frames.Masked(Opcode.Continuation, "three");
        byte[] ping = Frames.Masked(Opcode.Ping, "p");

        yield return new("5.1", "three fragments", Frames.Join(first, middle, last), ["Text:onetwothree"], null);
        yield return new("5.2", "pings between fragments", Frames.Join(first, ping, middle, ping, last), ["Pong:p", "Pong:p", "Text:onetwothree"], null);
        yield return new("5.3", "continuation of nothing", last, [], 1002);
        yield return new("5.4", "continuation of nothing without FIN", middle, [], 1002);
        yield return new("5.5", "continuation behind a whole message", Frames.Join(Frames.Masked(Opcode.Text, "x"), last), ["Text:x"], 1002);
        yield return new("5.6", "text inside a message", Frames.Join(first, Frames.Masked(Opcode.Text, "x")), [], 1002);
        yield return new("5.7", "binary inside a message", Frames.Join(first, Frames.Masked(Opcode.Binary, "x")), [], 1002);
        yield return new(
            "5.8",
            "empty fragments",
            Frames.Join(Frames.Masked(Opcode.Text, "", fin: false), Frames.Masked(Opcode.Continuation, "", fin: false), Frames.Masked(Opcode.Continuation, "")),
            ["Text:"],
            null);
        yield return new("5.9", "two fragmented messages", Frames.Join(first, last, first, last), ["Text:onethree", "Text:onethree"], null);
        yield return new("5.10", "Close inside a message", Frames.Join(first, Frames.MaskedClose(1000)), [], 1000);
        yield return new("5.12", "a reserved opcode inside a message", Frames.Join(first, Frames.Masked((Opcode)5, "")), [], 1002);
        yield return new("5.13", "a ping in fragments inside a message", Frames.Join(first, Frames.Masked(Opcode.Ping, "x", fin: false)), [], 1002);
        yield return new("5.14", "whole, whole inside fragments", Frames.Join(Frames.Masked(Opcode.Text, "x"), first, first), ["Text:x"], 1002);
        yield return new(
            "5.15",
            "65,536 bytes in frames of 1,300",
            Frames.Join([.. Enumerable.Range(0, 51).Select(i => Frames.Masked(
                i == 0 ? Opcode.Text : Opcode.Continuation, new string('*', Math.Min(1300, 65_536 - (i * 1300))), fin: i == 50))]),
            ["Text:" + new string('*', 65_536)],
            null);
        yield return new(
            "5.11",
            "thousand fragments",
            Frames.Join([first, .. Enumerable.Repeat(middle, 1000), last]),
            ["Text:one" + string.Concat(Enumerable.Repeat("two", 1000)) + "three"],
            null);
    }

    private static IEnumerable<ConformanceCase> Limits()
    {
        yield return new("9.1", "frame of one byte over the limit", Frames.MaskedHeader(Opcode.Binary, ConformanceTests.Limit + 1), [], 1009);
        yield return new("9.2", "frame of 2^40 bytes", Frames.MaskedHeader(Opcode.Binary, 1UL << 40), [], 1009);
        yield return new(
            "9.3",
            "fragments of one byte over the limit",
            Frames.Join(Frames.Masked(Opcode.Binary, new byte[ConformanceTests.Limit], fin: false), Frames.Masked(Opcode.Continuation, "x")),
            [],
            1009);
        yield return new(
            "9.4",
            "exactly the limit, and a Close and a ping behind it",
            Frames.Join(Frames.Masked(Opcode.Binary, new byte[ConformanceTests.Limit]), Frames.MaskedClose(1000), Frames.Masked(Opcode.Ping, "")),
            ["Binary:" + new string('\0', ConformanceTests.Limit)],
            1000);
    }
}
