using System.Buffers;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.WebSockets;

/// <summary>A message, cut at the fragmentation threshold; compressed when its turn comes, as a context demands the order of the wire.</summary>
internal sealed class MessageOperation(Opcode opcode, ReadOnlySequence<byte> payload, int threshold, MessageDeflater? deflater = null) : SendOperation
{
    private ReadOnlySequence<byte> _rest = payload;
    private PooledBuffer _compressed;
    private bool _continued;
    private bool _isCompressed;

    public override int Length { get; } = (int)payload.Length;

    public override bool WriteNext(IBufferWriter<byte> output)
    {
        if (!_continued && deflater is not null && _rest.Length >= deflater.Threshold)
        {
            Compress(deflater);
        }

        bool fin = _rest.Length <= threshold;
        ReadOnlySequence<byte> fragment = fin ? _rest : _rest.Slice(0, threshold);

        // RFC 7692, 6.1: only the first frame of a message says that it is compressed.
        byte firstByte = FrameHeader.ComposeFirstByte(_continued ? Opcode.Continuation : opcode, fin, _isCompressed && !_continued);
        FrameWriter.Write(output, WebSocketRole.Server, firstByte, fragment);

        _rest = _rest.Slice(fragment.End);
        _continued = true;

        if (fin)
        {
            _compressed.Clear();
        }

        return fin;
    }

    private void Compress(MessageDeflater deflater)
    {
        if (_rest.IsSingleSegment)
        {
            deflater.Compress(_rest.FirstSpan, ref _compressed);
        }
        else
        {
            deflater.Compress(_rest.ToArray(), ref _compressed);
        }

        // What did not get smaller goes as it is, unless the peer needs it to follow our context.
        if (deflater.KeepsContext || _compressed.Length < _rest.Length)
        {
            _rest = new ReadOnlySequence<byte>(_compressed.Memory);
            _isCompressed = true;
        }
        else
        {
            _compressed.Clear();
        }
    }
}
