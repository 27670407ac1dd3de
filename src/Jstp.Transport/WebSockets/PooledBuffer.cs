using System.Buffers;
using System.Diagnostics;

namespace Jstp.Transport.WebSockets;

/// <summary>Bytes that pile up in one pooled array, which grows with what arrives. Empty, it holds no array.</summary>
internal struct PooledBuffer
{
    private const int SmallestArray = 256;

    private byte[]? _array;

    /// <summary>Bytes held.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes held, valid until the next change.</summary>
    public readonly ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    /// <summary>Room for at least the given number of bytes behind those held, to be followed by <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int length)
    {
        int needed = checked(Length + length);

        if (_array is null || _array.Length < needed)
        {
            Grow(needed);
        }

        return _array.AsSpan(Length);
    }

    /// <summary>Counts bytes written to what <see cref="GetSpan"/> gave as held.</summary>
    public void Advance(int length)
    {
        Debug.Assert(_array is not null && Length + length <= _array.Length, "Only what GetSpan gave can be filled.");

        Length += length;
    }

    /// <summary>Drops bytes from the end.</summary>
    public void RemoveLast(int length) => Length -= length;

    /// <summary>Drops the bytes and gives the array back.</summary>
    public void Clear()
    {
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
        }

        Length = 0;
    }

    private void Grow(int needed)
    {
        int doubled = _array is null ? SmallestArray : (int)Math.Min(2L * _array.Length, Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, doubled));

        if (_array is { } array)
        {
            array.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(array);
        }

        _array = larger;
    }
}
