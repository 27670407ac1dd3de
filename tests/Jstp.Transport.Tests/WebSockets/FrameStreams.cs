using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Streams of frames as fuzzers send them, the same for the same random numbers.</summary>
internal static class FrameStreams
{
    private static readonly byte[][] Seeds =
    [
        Frames.Masked(Opcode.Text, "Hello, wörld €😀"),
        Frames.Masked(Opcode.Binary, new byte[130]),
        Frames.Masked(Opcode.Binary, new byte[1990]),
        Frames.Masked(Opcode.Text, "frag", fin: false),
        Frames.Masked(Opcode.Continuation, "ment", fin: false),
        Frames.Masked(Opcode.Continuation, "s"),
        Frames.Masked(Opcode.Ping, "ping"),
        Frames.Masked(Opcode.Pong, ""),
        Frames.MaskedClose(1000, "bye"),
        Frames.Masked(Opcode.Close, []),
        Frames.MaskedHeader(Opcode.Binary, 1UL << 40),
        Frames.Hex("818537fa213d7f9f4d5158"),
        Frames.Masked(Opcode.Text, Frames.Hex("f248cdc9c90700"), reserved: 4),
        Frames.Masked(Opcode.Text, Frames.Hex("f348cdc9c90700f248cdc9c90700"), reserved: 4),
    ];

    /// <summary>A few frames, some of them broken.</summary>
    public static byte[] Mutate(Random random)
    {
        byte[] stream = Frames.Join([.. Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Seeds[random.Next(Seeds.Length)])]);

        for (int mutations = random.Next(4); mutations > 0 && stream.Length > 1; mutations--)
        {
            int at = random.Next(Math.Min(stream.Length, 200));

            switch (random.Next(4))
            {
                case 0:
                    stream[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    stream[at] = (byte)random.Next(256);
                    break;
                case 2:
                    stream = [.. stream.AsSpan(0, at), .. stream.AsSpan(at + 1)];
                    break;
                default:
                    stream = [.. stream.AsSpan(0, at), (byte)random.Next(256), .. stream.AsSpan(at)];
                    break;
            }
        }

        return stream;
    }
}
