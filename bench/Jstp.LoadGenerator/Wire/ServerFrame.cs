using System.Buffers.Binary;

namespace Jstp.LoadGenerator.Wire;

/// <summary>One frame from the server, its payload a slice of the input.</summary>
internal readonly ref struct ServerFrame
{
    private const byte FinalBit = 0x80;
    private const byte ReservedBits = 0x70;
    private const byte OpcodeBits = 0x0F;
    private const byte MaskBit = 0x80;
    private const byte Length16 = 126;
    private const byte Length64 = 127;

    private ServerFrame(byte opcode, bool isFinal, ReadOnlySpan<byte> payload, int length)
    {
        Opcode = opcode;
        IsFinal = isFinal;
        Payload = payload;
        Length = length;
    }

    public byte Opcode { get; }

    public bool IsFinal { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Length in bytes of the whole frame.</summary>
    public int Length { get; }

    /// <summary>Reads the frame at the beginning of the input.</summary>
    /// <returns><see langword="false"/> when the input ends inside the frame.</returns>
    /// <exception cref="LoadException">The frame is masked, uses a reserved bit or is longer than an array can be.</exception>
    public static bool TryRead(ReadOnlySpan<byte> input, out ServerFrame frame)
    {
        frame = default;

        if (input.Length < 2)
        {
            return false;
        }

        if ((input[0] & ReservedBits) != 0 || (input[1] & MaskBit) != 0)
        {
            throw new LoadException("The server sent a frame that is masked or has a reserved bit set.");
        }

        int headerLength = 2;
        long payloadLength = input[1];

        if (payloadLength >= Length16)
        {
            headerLength += payloadLength == Length64 ? sizeof(ulong) : sizeof(ushort);

            if (input.Length < headerLength)
            {
                return false;
            }

            payloadLength = payloadLength == Length64
                ? BinaryPrimitives.ReadInt64BigEndian(input[2..])
                : BinaryPrimitives.ReadUInt16BigEndian(input[2..]);

            if (payloadLength is < 0 or > int.MaxValue / 2)
            {
                throw new LoadException($"The server announced a frame of {payloadLength} bytes.");
            }
        }

        int length = headerLength + (int)payloadLength;

        if (input.Length < length)
        {
            return false;
        }

        frame = new ServerFrame(
            opcode: (byte)(input[0] & OpcodeBits),
            isFinal: (input[0] & FinalBit) != 0,
            payload: input[headerLength..length],
            length);
        return true;
    }
}
