using System.Buffers;

namespace Jstp.Transport.WebSockets;

/// <summary>A message, cut at the fragmentation threshold.</summary>
internal sealed class MessageOperation(Opcode opcode, ReadOnlySequence<byte> payload, int threshold) : SendOperation
{
    private ReadOnlySequence<byte> _rest = payload;
    private bool _continued;

    public override int Length { get; } = (int)payload.Length;

    public override bool WriteNext(IBufferWriter<byte> output)
    {
        bool fin = _rest.Length <= threshold;
        ReadOnlySequence<byte> fragment = fin ? _rest : _rest.Slice(0, threshold);

        FrameWriter.Write(output, WebSocketRole.Server, FrameHeader.ComposeFirstByte(_continued ? Opcode.Continuation : opcode, fin), fragment);

        _rest = _rest.Slice(fragment.End);
        _continued = true;
        return fin;
    }
}
