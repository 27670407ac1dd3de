using System.Buffers;

namespace Jstp.Transport.WebSockets;

/// <summary>Frames that were encoded once for many connections, or one frame made to the caller's wish.</summary>
internal sealed class EncodedOperation(ReadOnlyMemory<byte> frames) : SendOperation
{
    public override int Length => frames.Length;

    public override bool WriteNext(IBufferWriter<byte> output)
    {
        output.Write(frames.Span);
        return true;
    }
}
