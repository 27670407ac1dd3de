using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Builds frames by hand, legal or not, independently of the code under test.</summary>
internal static class Frames
{
    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];

    /// <summary>A masked frame as a client sends it.</summary>
    public static byte[] Masked(Opcode opcode, ReadOnlySpan<byte> payload, bool fin = true, int reserved = 0)
        => Build(opcode, payload, fin, reserved, Key);

    /// <summary>A masked frame of text.</summary>
    public static byte[] Masked(Opcode opcode, string payload, bool fin = true) => Masked(opcode, Encoding.UTF8.GetBytes(payload), fin);

    /// <summary>An unmasked frame as a server sends it.</summary>
    public static byte[] Unmasked(Opcode opcode, ReadOnlySpan<byte> payload, bool fin = true, int reserved = 0)
        => Build(opcode, payload, fin, reserved, null);

    /// <summary>An unmasked frame of text.</summary>
    public static byte[] Unmasked(Opcode opcode, string payload, bool fin = true) => Unmasked(opcode, Encoding.UTF8.GetBytes(payload), fin);

    /// <summary>A masked Close.</summary>
    public static byte[] MaskedClose(int code, string reason = "") => Masked(Opcode.Close, ClosePayload(code, reason));

    /// <summary>An unmasked Close.</summary>
    public static byte[] UnmaskedClose(int code, string reason = "") => Unmasked(Opcode.Close, ClosePayload(code, reason));

    /// <summary>The header of a masked frame without its payload.</summary>
    public static byte[] MaskedHeader(Opcode opcode, ulong length, bool fin = true)
    {
        byte[] header = new byte[14];
        header[0] = (byte)((fin ? 0x80 : 0) | (byte)opcode);
        header[1] = 0x80 | 127;
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(2), length);
        Key.CopyTo(header, 10);
        return header;
    }

    /// <summary>Joins pieces.</summary>
    public static byte[] Join(params byte[][] pieces) => [.. pieces.SelectMany(piece => piece)];

    /// <summary>Hex digits, with or without blanks, as bytes.</summary>
    public static byte[] Hex(string digits) => Convert.FromHexString(digits.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A sequence whose segments are cut after every <paramref name="size"/> bytes; each has an array of its own.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, int size)
    {
        Segment? first = null;
        Segment? last = null;

        for (int start = 0; start < bytes.Length; start += size)
        {
            byte[] piece = bytes[start..Math.Min(bytes.Length, start + size)];
            last = last is null ? first = new Segment(piece) : last.Append(piece);
        }

        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private static byte[] ClosePayload(int code, string reason)
        => [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)];

    private static byte[] Build(Opcode opcode, ReadOnlySpan<byte> payload, bool fin, int reserved, byte[]? key)
    {
        var frame = new List<byte> { (byte)((fin ? 0x80 : 0) | (reserved << 4) | (byte)opcode) };
        int maskBit = key is null ? 0 : 0x80;

        if (payload.Length < 126)
        {
            frame.Add((byte)(maskBit | payload.Length));
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            frame.AddRange([(byte)(maskBit | 126), (byte)(payload.Length >> 8), (byte)payload.Length]);
        }
        else
        {
            byte[] length = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
            frame.Add((byte)(maskBit | 127));
            frame.AddRange(length);
        }

        frame.AddRange(key ?? []);

        for (int i = 0; i < payload.Length; i++)
        {
            frame.Add(key is null ? payload[i] : (byte)(payload[i] ^ key[i % 4]));
        }

        return [.. frame];
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
