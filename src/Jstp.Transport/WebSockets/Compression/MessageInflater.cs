using System.IO.Compression;

namespace Jstp.Transport.WebSockets.Compression;

/// <summary>Inflates messages (RFC 7692, 7.2.2). Not thread-safe. Any window of the peer's will do, as ours is the largest.</summary>
internal sealed class MessageInflater(bool keepsContext) : IDisposable
{
    private const int SmallestStep = 256;
    private const int LargestStep = 64 * 1024;

    private readonly MessageStream _source = new();
    private DeflateStream? _inflate;

    /// <summary>Inflates a message; never more than one step past the limit.</summary>
    /// <param name="message">What was on the wire.</param>
    /// <param name="limit">Bytes that the message may have.</param>
    /// <param name="output">Empty; receives the message. The caller clears it.</param>
    public InflateStatus Inflate(ReadOnlyMemory<byte> message, long limit, ref PooledBuffer output)
    {
        _source.Begin(message);
        _inflate ??= new DeflateStream(_source, CompressionMode.Decompress, leaveOpen: true);

        try
        {
            return InflateAll(_inflate, limit, ref output);
        }
        catch (InvalidDataException)
        {
            return InflateStatus.Invalid;
        }
        finally
        {
            _source.End();

            // A block marked as the final one ends the stream without asking for the rest (RFC 7692, 7.2.3.4); what comes next starts afresh.
            if (!keepsContext || !_source.WasExhausted)
            {
                Dispose();
            }
        }
    }

    public void Dispose()
    {
        _inflate?.Dispose();
        _inflate = null;
    }

    private static InflateStatus InflateAll(DeflateStream inflate, long limit, ref PooledBuffer output)
    {
        while (true)
        {
            // One byte past the limit, to tell a message that has exactly its size from one that goes on.
            long room = limit + 1 - output.Length;
            int step = (int)Math.Min(room, Math.Clamp(output.Length, SmallestStep, LargestStep));
            int read = inflate.Read(output.GetSpan(step)[..step]);
            output.Advance(read);

            if (output.Length > limit)
            {
                return InflateStatus.TooLarge;
            }

            if (read == 0)
            {
                return InflateStatus.Complete;
            }
        }
    }

    /// <summary>Gives the inflater a message and the tail that was left out of it.</summary>
    private sealed class MessageStream : Stream
    {
        private ReadOnlyMemory<byte> _rest;
        private bool _tailGiven;

        /// <summary>Whether the inflater asked for more than there was, as it does unless it met a final block.</summary>
        public bool WasExhausted { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Begin(ReadOnlyMemory<byte> message) => (_rest, _tailGiven, WasExhausted) = (message, false, false);

        public void End() => _rest = default;

        public override int Read(Span<byte> buffer)
        {
            if (_rest.IsEmpty)
            {
                return ReadTail(buffer);
            }

            int length = Math.Min(buffer.Length, _rest.Length);
            _rest.Span[..length].CopyTo(buffer);
            _rest = _rest[length..];
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int ReadTail(Span<byte> buffer)
        {
            if (_tailGiven)
            {
                WasExhausted = true;
                return 0;
            }

            // The inflater reads with a buffer of kilobytes.
            _tailGiven = true;
            MessageDeflater.Tail.CopyTo(buffer);
            return MessageDeflater.Tail.Length;
        }
    }
}
