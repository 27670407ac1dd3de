using System.Buffers.Binary;
using System.Diagnostics;

namespace Jstp.LoadGenerator.Wire;

/// <summary>Writes single client frames: final, masked (RFC 6455, 5.2).</summary>
internal static class ClientFrame
{
    public const byte ContinuationOpcode = 0x0;
    public const byte TextOpcode = 0x1;
    public const byte CloseOpcode = 0x8;
    public const byte PingOpcode = 0x9;
    public const byte PongOpcode = 0xA;

    /// <summary>Longest header of a frame that this class writes, in bytes.</summary>
    public const int MaxHeaderLength = 8;

    private const byte FinalBit = 0x80;
    private const byte MaskBit = 0x80;
    private const int MaxShortLength = 125;
    private const byte Length16 = 126;
    private const int MaskLength = 4;

    // One key for all frames, so that they can be masked beforehand; not zero, so that no server can skip its own work.
    private static ReadOnlySpan<byte> MaskKey => [0x37, 0xFA, 0x21, 0x3D];

    /// <summary>Length in bytes of the header of a frame with a payload of <paramref name="payloadLength"/> bytes, at most 65,535.</summary>
    public static int HeaderLength(int payloadLength)
    {
        Debug.Assert(payloadLength <= ushort.MaxValue);
        return (payloadLength <= MaxShortLength ? 2 : 4) + MaskLength;
    }

    /// <summary>Builds a whole frame.</summary>
    public static byte[] Build(byte opcode, ReadOnlySpan<byte> payload)
    {
        int headerLength = HeaderLength(payload.Length);
        byte[] frame = new byte[headerLength + payload.Length];
        frame[0] = (byte)(FinalBit | opcode);

        if (payload.Length <= MaxShortLength)
        {
            frame[1] = (byte)(MaskBit | payload.Length);
        }
        else
        {
            frame[1] = MaskBit | Length16;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        }

        MaskKey.CopyTo(frame.AsSpan(headerLength - MaskLength));
        Span<byte> masked = frame.AsSpan(headerLength);
        payload.CopyTo(masked);
        Mask(masked, 0);

        return frame;
    }

    /// <summary>Masks bytes that stand at <paramref name="offset"/> of a payload.</summary>
    public static void Mask(Span<byte> bytes, int offset)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= MaskKey[(offset + i) % MaskLength];
        }
    }
}
