using System.Buffers;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Mutated frame streams: nothing a peer sends may throw, grow memory past the limits, or get two Closes.</summary>
[Collection(AloneCollection.Name)]
public sealed class WebSocketProtocolFuzzTests
{
    private const int DefaultStreams = 200_000;
    private const int Limit = 2000;

    private static readonly WebSocketProtocolOptions Options = new()
    {
        MaxReceivedFrameSize = Limit,
        MaxReceivedMessageSize = Limit,
        MaxFragmentsPerMessage = 50,
        TimeProvider = new ManualTimeProvider(),
    };

    [Fact]
    public void Read_MutatedStreams_NeverThrowsAndStaysWithinLimits()
    {
        var output = new ArrayBufferWriter<byte>();
        var random = new Random(20_261_121);
        int streams = int.TryParse(Environment.GetEnvironmentVariable("JSTP_FUZZ_STREAMS"), out int asked) ? asked : DefaultStreams;
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int i = 0; i < streams; i++)
        {
            byte[] stream = FrameStreams.Mutate(random);
            output.ResetWrittenCount();

            using var protocol = new WebSocketProtocol(WebSocketRole.Server, Options, output);
            Play(protocol, stream, 1 + random.Next(40), i);

            Assert.True(CountCloses(output.WrittenSpan) <= 1, $"Stream {i} got two Closes: {Convert.ToHexString(stream)}");
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(after - before < 4 * 1024 * 1024, $"Memory grew by {after - before} bytes.");
    }

    private static void Play(WebSocketProtocol protocol, byte[] stream, int chunk, int number)
    {
        byte[] unread = [];

        for (int start = 0; start < stream.Length; start += chunk)
        {
            unread = [.. unread, .. stream.AsSpan(start, Math.Min(chunk, stream.Length - start))];
            ReadOnlySequence<byte> input = Frames.Cut(unread, Math.Max(1, (chunk / 2) + 1));

            while (protocol.Read(ref input) is { Type: not WebSocketEventType.None } found)
            {
                Assert.True(found.Payload.Length <= Limit, $"Stream {number} got a payload over the limit.");
            }

            unread = input.ToArray();
            Assert.True(unread.Length <= FrameHeader.MaxLength + FrameHeader.MaxControlPayloadLength, $"Stream {number} leaves bytes lying.");
        }
    }

    private static int CountCloses(ReadOnlySpan<byte> output)
    {
        int closes = 0;

        while (!output.IsEmpty)
        {
            Assert.Equal(FrameHeaderStatus.Complete, FrameHeader.TryParse(output, out FrameHeader header));
            closes += header.Opcode is Opcode.Close ? 1 : 0;
            output = output[(header.Length + (int)header.PayloadLength)..];
        }

        return closes;
    }
}
