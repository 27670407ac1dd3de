using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Jstp.Transport.WebSockets;

/// <summary>The masking of RFC 6455, 5.3: every payload byte XOR one of the key's four bytes in turn. Its own inverse.</summary>
public static class Masking
{
    /// <summary>Masks or unmasks bytes where they lie.</summary>
    /// <param name="data">The bytes, at any alignment.</param>
    /// <param name="key">The key, its bytes in the order of the wire, turned so that its first byte belongs to <paramref name="data"/>'s first.</param>
    public static void Apply(Span<byte> data, uint key) => Copy(data, data, key);

    /// <summary>Masks or unmasks bytes on their way from one place to another. The two may be the same, but not overlap otherwise.</summary>
    /// <param name="source">The bytes to read.</param>
    /// <param name="destination">Where they go; at least as long as <paramref name="source"/>.</param>
    /// <param name="key">The key, its bytes in the order of the wire, turned so that its first byte belongs to <paramref name="source"/>'s first.</param>
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> destination, uint key)
    {
        Debug.Assert(destination.Length >= source.Length, "The destination holds all of the source.");

        destination = destination[..source.Length];
        int position = 0;

        // A vector is a multiple of four bytes, so the key keeps its turn from one block to the next.
        if (source.Length >= Vector<byte>.Count)
        {
            Vector<byte> keys = Vector.AsVectorByte(new Vector<uint>(key));
            ReadOnlySpan<Vector<byte>> from = MemoryMarshal.Cast<byte, Vector<byte>>(source);
            Span<Vector<byte>> to = MemoryMarshal.Cast<byte, Vector<byte>>(destination);

            for (int i = 0; i < from.Length && i < to.Length; i++)
            {
                to[i] = from[i] ^ keys;
            }

            position = from.Length * Vector<byte>.Count;
        }

        CopyRest(source[position..], destination[position..], key);
    }

    /// <summary>Turns a key so that it goes on after the given number of bytes.</summary>
    public static uint Advance(uint key, int byteCount)
    {
        int bits = (byteCount & 3) * 8;

        return BitConverter.IsLittleEndian ? BitOperations.RotateRight(key, bits) : BitOperations.RotateLeft(key, bits);
    }

    private static void CopyRest(ReadOnlySpan<byte> source, Span<byte> destination, uint key)
    {
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<byte, uint>(source);
        Span<uint> to = MemoryMarshal.Cast<byte, uint>(destination);

        for (int i = 0; i < from.Length && i < to.Length; i++)
        {
            to[i] = from[i] ^ key;
        }

        ReadOnlySpan<byte> keyBytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));

        for (int i = from.Length * sizeof(uint), k = 0; i < source.Length; i++, k++)
        {
            destination[i] = (byte)(source[i] ^ keyBytes[k]);
        }
    }
}
