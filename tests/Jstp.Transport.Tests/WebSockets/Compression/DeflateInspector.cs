using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets.Compression;

/// <summary>Decodes DEFLATE (RFC 1951) only to see how far back its references go, which no inflater tells.</summary>
internal static class DeflateInspector
{
    private static readonly int[] LengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    private static readonly int[] DistanceBase =
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
    private static readonly int[] CodeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>The largest distance in the compressed messages of a stream of unmasked frames.</summary>
    public static int GetLargestDistance(ReadOnlySpan<byte> wire)
    {
        int largest = 0;
        var message = new List<byte>();
        bool compressed = false;

        while (!wire.IsEmpty)
        {
            Assert.Equal(FrameHeaderStatus.Complete, FrameHeader.TryParse(wire, out FrameHeader header));
            compressed |= header.Rsv1;
            message.AddRange(wire.Slice(header.Length, (int)header.PayloadLength));
            wire = wire[(header.Length + (int)header.PayloadLength)..];

            if (header.Fin)
            {
                largest = compressed ? Math.Max(largest, Inspect([.. message, 0, 0, 0xFF, 0xFF])) : largest;
                message.Clear();
                compressed = false;
            }
        }

        return largest;
    }

    private static int Inspect(byte[] data)
    {
        var bits = new BitReader(data);
        int largest = 0;

        while (bits.Left >= 3)
        {
            bits.Read(1);

            switch (bits.Read(2))
            {
                case 0:
                    bits.SkipStored();
                    break;
                case 1:
                    int[] lengths = [.. Enumerable.Range(0, 288).Select(i => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)];
                    largest = Math.Max(largest, InspectBlock(bits, new Huffman(lengths), new Huffman([.. Enumerable.Repeat(5, 30)])));
                    break;
                default:
                    (Huffman literals, Huffman distances) = ReadCodes(bits);
                    largest = Math.Max(largest, InspectBlock(bits, literals, distances));
                    break;
            }
        }

        return largest;
    }

    private static int InspectBlock(BitReader bits, Huffman literals, Huffman distances)
    {
        int largest = 0;

        while (true)
        {
            int symbol = literals.Read(bits);

            if (symbol == 256)
            {
                return largest;
            }

            if (symbol > 256)
            {
                bits.Read(LengthExtra[symbol - 257]);
                int code = distances.Read(bits);
                largest = Math.Max(largest, DistanceBase[code] + bits.Read(code < 2 ? 0 : (code / 2) - 1));
            }
        }
    }

    private static (Huffman Literals, Huffman Distances) ReadCodes(BitReader bits)
    {
        int literalCount = bits.Read(5) + 257;
        int distanceCount = bits.Read(5) + 1;
        int codeCount = bits.Read(4) + 4;
        int[] codeLengths = new int[19];

        for (int i = 0; i < codeCount; i++)
        {
            codeLengths[CodeLengthOrder[i]] = bits.Read(3);
        }

        var codes = new Huffman(codeLengths);
        var lengths = new List<int>();

        while (lengths.Count < literalCount + distanceCount)
        {
            int symbol = codes.Read(bits);
            (int value, int repeat) = symbol switch
            {
                16 => (lengths[^1], 3 + bits.Read(2)),
                17 => (0, 3 + bits.Read(3)),
                18 => (0, 11 + bits.Read(7)),
                _ => (symbol, 1),
            };
            lengths.AddRange(Enumerable.Repeat(value, repeat));
        }

        return (new Huffman([.. lengths[..literalCount]]), new Huffman([.. lengths[literalCount..]]));
    }

    private sealed class BitReader(byte[] data)
    {
        private int _position;

        public int Left => (data.Length * 8) - _position;

        public int Read(int count)
        {
            int value = 0;

            for (int i = 0; i < count; i++, _position++)
            {
                value |= ((data[_position / 8] >> (_position % 8)) & 1) << i;
            }

            return value;
        }

        public void SkipStored()
        {
            _position = (_position + 7) / 8 * 8;
            int length = Read(16);
            Assert.Equal(0xFFFF, length ^ Read(16));
            _position += length * 8;
        }
    }

    private sealed class Huffman
    {
        private readonly Dictionary<(int Length, int Code), int> _symbols = [];

        public Huffman(int[] lengths)
        {
            int code = 0;

            for (int length = 1; length <= 15; length++, code <<= 1)
            {
                for (int symbol = 0; symbol < lengths.Length; symbol++)
                {
                    if (lengths[symbol] == length)
                    {
                        _symbols.Add((length, code++), symbol);
                    }
                }
            }
        }

        public int Read(BitReader bits)
        {
            int code = 0;

            for (int length = 1; length <= 15; length++)
            {
                code = (code << 1) | bits.Read(1);

                if (_symbols.TryGetValue((length, code), out int symbol))
                {
                    return symbol;
                }
            }

            throw new InvalidDataException("No such code.");
        }
    }
}
