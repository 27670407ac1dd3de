using System.Buffers;
using System.Diagnostics;

namespace Jstp.Transport.WebSockets;

/// <summary>Bytes that pile up in one pooled array, which grows with what arrives. Empty, it holds no array.</summary>
internal struct PooledBuffer
{
    private const int SmallestArray = 256;
    private const int GrowthFactor = 2;

    private byte[]? _array;

    /// <summary>Bytes held.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes held, valid until the next change.</summary>
    public readonly ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    /// <summary>Room for at least the given number of bytes behind those held, to be followed by <see cref="Advance"/>.</summary>
    /// <param name="length">Bytes that are there.</param>
    /// <param name="expected">Bytes that are said to follow, <paramref name="length"/> included: room for more than that would be wasted.</param>
    public Span<byte> GetSpan(int length, long expected = long.MaxValue)
    {
        int needed = checked(Length + length);

        if (_array is null || _array.Length < needed)
        {
            Grow(needed, expected);
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

    private void Grow(int needed, long expected)
    {
        // A multiple of what arrived, whatever was announced: who announces much and sends little is given little.
        long wanted = Math.Min((long)GrowthFactor * needed, expected > Array.MaxLength ? Array.MaxLength : Length + expected);
        int capacity = (int)Math.Clamp(wanted, needed, Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, SmallestArray));

        if (_array is { } array)
        {
            array.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(array);
        }

        _array = larger;
    }
}
