using System.Buffers;
using System.Net.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>The hot path allocates nothing per message.</summary>
public sealed class WebSocketProtocolAllocationTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(13)]
    public void ReadAndWriteMessage_WholeOrInSegments_AllocateNothing(int segmentSize)
    {
        byte[] frame = Frames.Masked(Opcode.Text, new string('x', 100));
        var output = new ArrayBufferWriter<byte>(1024);
        using var protocol = new WebSocketProtocol(WebSocketRole.Server, WebSocketProtocolOptions.Server, output);
        ReadOnlySequence<byte> bytes = Frames.Cut(frame, Math.Min(segmentSize, frame.Length));
        long allocated = 0;

        for (int i = 0; i < 100; i++)
        {
            output.ResetWrittenCount();
            Refill(bytes, frame);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOnlySequence<byte> input = bytes;

            while (protocol.Read(ref input) is { Type: WebSocketEventType.Message } found)
            {
                protocol.WriteMessage(WebSocketMessageType.Text, found.Payload.Span);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(102, output.WrittenCount);
    }

    /// <summary>Undoes the unmasking in place.</summary>
    private static void Refill(ReadOnlySequence<byte> bytes, byte[] frame)
    {
        int position = 0;

        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            frame.AsSpan(position, segment.Length).CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsMemory(segment).Span);
            position += segment.Length;
        }
    }
}
