using System.IO.Compression;

namespace Jstp.Transport.WebSockets.Compression;

/// <summary>Compresses messages (RFC 7692, 7.2.1). Not thread-safe.</summary>
/// <remarks>
/// The framework's compressor always has a window of 32 KiB. Where the peer demands a smaller one, a message is compressed in segments no longer than
/// that, each on its own: nothing in a segment can refer further back than to its start. That costs some compression and is valid at every size.
/// </remarks>
internal sealed class MessageDeflater : IDisposable
{
    /// <summary>What every flush ends with, and every message leaves out: the length fields of an empty stored block.</summary>
    internal static ReadOnlySpan<byte> Tail => [0x00, 0x00, 0xFF, 0xFF];

    private readonly DeflateParameters _parameters;
    private readonly CompressionLevel _level;
    private readonly BufferStream _sink = new();
    private DeflateStream? _kept;

    public MessageDeflater(DeflateParameters parameters, CompressionLevel level, int threshold)
    {
        _parameters = parameters;
        _level = level;
        Threshold = threshold;
    }

    /// <summary>Bytes from which on a message is to be compressed.</summary>
    public int Threshold { get; }

    /// <summary>Whether what is compressed depends on what was before, so that it must be sent, in this order, and to this peer only.</summary>
    public bool KeepsContext => _parameters.OwnContextTakeover && _parameters.OwnWindowBits == DeflateParameters.LargestWindowBits;

    /// <summary>The peer's window, on which alone the result depends when no context is kept.</summary>
    public int WindowBits => _parameters.OwnWindowBits;

    /// <summary>Another with the same settings, for use beside this one.</summary>
    public MessageDeflater CreateAlike() => new(_parameters, _level, Threshold);

    /// <summary>Compresses a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="output">Empty; receives what goes on the wire. The caller clears it.</param>
    public void Compress(ReadOnlySpan<byte> message, ref PooledBuffer output)
    {
        if (KeepsContext)
        {
            _kept ??= new DeflateStream(_sink, _level, leaveOpen: true);
            Append(_kept, message, ref output);
        }
        else
        {
            CompressSegments(message, ref output);
        }

        if (output.Length == 0)
        {
            // RFC 7692, 7.2.3.6: the compressor writes nothing for nothing; this is the empty block without its tail.
            output.GetSpan(1)[0] = 0;
            output.Advance(1);
            return;
        }

        output.RemoveLast(Tail.Length);
    }

    public void Dispose() => _kept?.Dispose();

    private void CompressSegments(ReadOnlySpan<byte> rest, ref PooledBuffer output)
    {
        int longest = _parameters.OwnWindowBits == DeflateParameters.LargestWindowBits ? int.MaxValue : 1 << _parameters.OwnWindowBits;

        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> segment = rest[..Math.Min(rest.Length, longest)];
            rest = rest[segment.Length..];

            using var deflate = new DeflateStream(_sink, _level, leaveOpen: true);
            Append(deflate, segment, ref output);
        }
    }

    private void Append(DeflateStream deflate, ReadOnlySpan<byte> segment, ref PooledBuffer output)
    {
        _sink.Attach(output);

        deflate.Write(segment);
        deflate.Flush();

        // Detached again, as a compressor writes its farewell when it is disposed of.
        output = _sink.Detach();
    }

    /// <summary>Takes what the compressor writes.</summary>
    private sealed class BufferStream : Stream
    {
        private PooledBuffer _target;
        private bool _isAttached;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Attach(PooledBuffer target) => (_target, _isAttached) = (target, true);

        public PooledBuffer Detach()
        {
            _isAttached = false;
            PooledBuffer target = _target;
            _target = default;
            return target;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_isAttached)
            {
                buffer.CopyTo(_target.GetSpan(buffer.Length));
                _target.Advance(buffer.Length);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // Nothing is held back.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
