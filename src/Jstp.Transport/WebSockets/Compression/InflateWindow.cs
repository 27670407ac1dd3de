using System.Buffers.Binary;

namespace Jstp.Transport.WebSockets.Compression;

/// <summary>The last 32 KiB that came out of an inflater, with which another can go on in its place. Empty, it holds no array.</summary>
internal sealed class InflateWindow
{
    /// <summary>How far back DEFLATE can refer (RFC 1951, 2).</summary>
    public const int Capacity = 32 * 1024;

    private byte[]? _ring;
    private int _end;
    private int _length;

    /// <summary>Takes what an inflater gave.</summary>
    public void Append(ReadOnlySpan<byte> inflated)
    {
        if (inflated.IsEmpty)
        {
            return;
        }

        inflated = inflated[Math.Max(0, inflated.Length - Capacity)..];
        _ring ??= new byte[Capacity];

        int first = Math.Min(inflated.Length, Capacity - _end);
        inflated[..first].CopyTo(_ring.AsSpan(_end));
        inflated[first..].CopyTo(_ring);
        _end = (_end + inflated.Length) % Capacity;
        _length = Math.Min(_length + inflated.Length, Capacity);
    }

    public void Clear() => (_ring, _end, _length) = (null, 0, 0);

    /// <summary>The window as a stored block (RFC 1951, 3.2.4), which gives an inflater that begins the window that another had.</summary>
    /// <returns>The block, and how many bytes it inflates to; an empty one for an empty window.</returns>
    public (byte[] Block, int Length) ToStoredBlock()
    {
        const int HeaderLength = 5;

        if (_length == 0)
        {
            return ([], 0);
        }

        byte[] block = new byte[HeaderLength + _length];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(1), (ushort)_length);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(3), (ushort)~_length);

        int start = (_end - _length + Capacity) % Capacity;
        int first = Math.Min(_length, Capacity - start);
        _ring.AsSpan(start, first).CopyTo(block.AsSpan(HeaderLength));
        _ring.AsSpan(0, _length - first).CopyTo(block.AsSpan(HeaderLength + first));
        return (block, _length);
    }
}
