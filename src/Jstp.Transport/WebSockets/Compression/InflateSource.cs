namespace Jstp.Transport.WebSockets.Compression;

/// <summary>Gives an inflater a message and the tail that was left out of it, and knows how much of it the inflater has taken.</summary>
internal sealed class InflateSource : Stream
{
    /// <summary>Bytes that are given at once. Of the last piece before a final block it is not known how much was used, so pieces are short.</summary>
    private const int PieceLength = 1024;

    private ReadOnlyMemory<byte> _message;
    private int _unitsFrom;
    private int _position; // in the message with its tail

    /// <summary>Whether the inflater asked for more than there was, as it does unless it met a final block.</summary>
    public bool WasExhausted { get; private set; }

    /// <summary>Bytes of the message, with its tail, that were given.</summary>
    public int Given => _position;

    /// <summary>Bytes that were given before the last piece.</summary>
    public int GivenBeforeLast { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Begins a message.</summary>
    /// <param name="message">The message without its tail.</param>
    /// <param name="unitsFrom">Where to go on byte by byte, so that <see cref="Given"/> is what the inflater has used.</param>
    public void Begin(ReadOnlyMemory<byte> message, int unitsFrom = int.MaxValue)
    {
        _message = message;
        _unitsFrom = unitsFrom;
        _position = 0;
        GivenBeforeLast = 0;
        WasExhausted = false;
    }

    /// <summary>Lets go of the message.</summary>
    public void End() => _message = default;

    public override int Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> rest = _position < _message.Length ? _message.Span[_position..] : MessageDeflater.Tail[(_position - _message.Length)..];

        if (rest.IsEmpty)
        {
            WasExhausted = true;
            return 0;
        }

        int most = _position < _unitsFrom ? Math.Min(PieceLength, _unitsFrom - _position) : 1;
        int length = Math.Min(Math.Min(buffer.Length, most), rest.Length);
        rest[..length].CopyTo(buffer);
        GivenBeforeLast = _position;
        _position += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
