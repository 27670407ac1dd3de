using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Jstp.Transport.WebSockets;

/// <summary>The header of one frame (RFC 6455, 5.2): two to fourteen bytes in front of the payload.</summary>
public readonly struct FrameHeader
{
    /// <summary>Bytes of the longest header: two, eight of length, four of mask key.</summary>
    public const int MaxLength = 14;

    /// <summary>Bytes of payload that a control frame may carry at most (RFC 6455, 5.5).</summary>
    public const int MaxControlPayloadLength = 125;

    /// <summary>The reserved bits of a compressed message's first frame: RSV1 alone.</summary>
    internal const int CompressedMark = 4;

    private const byte FinBit = 0x80;
    private const byte Rsv1Bit = 0x40;
    private const byte ReservedBits = 0x70;
    private const byte OpcodeBits = 0x0F;
    private const byte MaskBit = 0x80;
    private const byte LengthBits = 0x7F;
    private const int Length16 = 126;
    private const int Length64 = 127;
    private const int MaskKeyLength = 4;

    private readonly byte _first;

    private FrameHeader(byte first, bool isMasked, long payloadLength, uint maskKey, int length)
    {
        _first = first;
        IsMasked = isMasked;
        PayloadLength = payloadLength;
        MaskKey = maskKey;
        Length = length;
    }

    /// <summary>Whether this frame is the last of its message.</summary>
    public bool Fin => (_first & FinBit) != 0;

    /// <summary>Whether RSV1 is set: with permessage-deflate, the message is compressed.</summary>
    public bool Rsv1 => (_first & Rsv1Bit) != 0;

    /// <summary>The three reserved bits, RSV1 highest: 0 to 7.</summary>
    public int Reserved => (_first & ReservedBits) >> 4;

    /// <summary>What the frame carries; may hold a reserved value.</summary>
    public Opcode Opcode => (Opcode)(_first & OpcodeBits);

    /// <summary>Whether this is a control frame: Close, Ping, Pong or a reserved opcode from 0xB on.</summary>
    public bool IsControl => IsControlOpcode(Opcode);

    /// <summary>Whether a mask key follows the length.</summary>
    public bool IsMasked { get; }

    /// <summary>Declared bytes of payload.</summary>
    public long PayloadLength { get; }

    /// <summary>The mask key, its bytes in the order of the wire; 0 when unmasked.</summary>
    public uint MaskKey { get; }

    /// <summary>Bytes that the header itself takes.</summary>
    public int Length { get; }

    /// <summary>The first byte as it came: FIN, reserved bits and opcode.</summary>
    internal byte FirstByte => _first;

    /// <summary>Whether an opcode is one of the control half (RFC 6455, 5.5).</summary>
    internal static bool IsControlOpcode(Opcode opcode) => ((byte)opcode & 0x8) != 0;

    /// <summary>Reads a header from the start of contiguous bytes. Lengths in a longer form than needed are accepted.</summary>
    public static FrameHeaderStatus TryParse(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = default; // its Length stays 0 until the payload's length is known

        if (source.Length < 2)
        {
            return FrameHeaderStatus.NeedMore;
        }

        bool masked = (source[1] & MaskBit) != 0;
        long payloadLength = source[1] & LengthBits;
        int position = 2;

        if (payloadLength >= Length16)
        {
            position += payloadLength == Length16 ? sizeof(ushort) : sizeof(ulong);

            if (source.Length < position)
            {
                return FrameHeaderStatus.NeedMore;
            }

            payloadLength = payloadLength == Length16
                ? BinaryPrimitives.ReadUInt16BigEndian(source[2..])
                : BinaryPrimitives.ReadInt64BigEndian(source[2..]);

            if (payloadLength < 0)
            {
                return FrameHeaderStatus.InvalidLength;
            }
        }

        uint maskKey = 0;

        if (masked)
        {
            if (source.Length < position + MaskKeyLength)
            {
                // The length is known already, and so is whether the frame is to be refused for it.
                header = new FrameHeader(source[0], masked, payloadLength, 0, position);
                return FrameHeaderStatus.NeedMore;
            }

            maskKey = MemoryMarshal.Read<uint>(source[position..]);
            position += MaskKeyLength;
        }

        header = new FrameHeader(source[0], masked, payloadLength, maskKey, position);
        return FrameHeaderStatus.Complete;
    }

    /// <summary>Reads a header that may lie across segments.</summary>
    public static FrameHeaderStatus TryParse(in ReadOnlySequence<byte> source, out FrameHeader header)
    {
        FrameHeaderStatus status = TryParse(source.FirstSpan, out header);

        return status is FrameHeaderStatus.NeedMore && !source.IsSingleSegment ? TryParseSlow(source, out header) : status;
    }

    private static FrameHeaderStatus TryParseSlow(in ReadOnlySequence<byte> source, out FrameHeader header)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        int available = (int)Math.Min(MaxLength, source.Length);
        source.Slice(0, available).CopyTo(bytes);
        return TryParse(bytes[..available], out header);
    }

    /// <summary>What the first two bytes alone say, before a longer length and the key are known.</summary>
    internal static FrameHeader FromStart(ReadOnlySpan<byte> start)
        => new(start[0], (start[1] & MaskBit) != 0, start[1] & LengthBits, 0, start.Length);

    /// <summary>Bytes that a header takes for a payload of the given length.</summary>
    public static int GetLength(long payloadLength, bool masked)
    {
        int length = payloadLength < Length16 ? 2 : payloadLength <= ushort.MaxValue ? 4 : 10;

        return masked ? length + MaskKeyLength : length;
    }

    /// <summary>Writes an unmasked header in its shortest form.</summary>
    /// <returns>The bytes written, at most ten.</returns>
    internal static int Format(Span<byte> destination, byte first, long payloadLength) => Format(destination, first, payloadLength, masked: false, 0);

    /// <summary>Writes a header in its shortest form.</summary>
    /// <returns>The bytes written, at most <see cref="MaxLength"/>.</returns>
    internal static int Format(Span<byte> destination, byte first, long payloadLength, bool masked, uint maskKey)
    {
        Debug.Assert(payloadLength >= 0, "A length is never negative.");

        destination[0] = first;
        byte maskBit = masked ? MaskBit : (byte)0;
        int position = 2;

        if (payloadLength < Length16)
        {
            destination[1] = (byte)(maskBit | (byte)payloadLength);
        }
        else if (payloadLength <= ushort.MaxValue)
        {
            destination[1] = (byte)(maskBit | Length16);
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadLength);
            position += sizeof(ushort);
        }
        else
        {
            destination[1] = (byte)(maskBit | Length64);
            BinaryPrimitives.WriteInt64BigEndian(destination[2..], payloadLength);
            position += sizeof(ulong);
        }

        if (masked)
        {
            MemoryMarshal.Write(destination[position..], maskKey);
            position += MaskKeyLength;
        }

        return position;
    }

    /// <summary>Composes the first byte of a header.</summary>
    internal static byte ComposeFirstByte(Opcode opcode, bool fin, bool rsv1 = false)
        => (byte)((fin ? FinBit : 0) | (rsv1 ? Rsv1Bit : 0) | (byte)opcode);
}
