using System.Buffers;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>Bytes in several pieces.</summary>
internal static class CutPayload
{
    /// <summary>Cuts at one place into two pieces with memory of their own.</summary>
    public static ReadOnlySequence<byte> At(ReadOnlySpan<byte> bytes, int cut) => Join([bytes[..cut].ToArray(), bytes[cut..].ToArray()]);

    /// <summary>Cuts behind every byte.</summary>
    public static ReadOnlySequence<byte> IntoBytes(ReadOnlySpan<byte> bytes)
    {
        var pieces = new byte[bytes.Length][];

        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = [bytes[i]];
        }

        return Join(pieces);
    }

    /// <summary>Joins pieces, some of which may be empty.</summary>
    public static ReadOnlySequence<byte> Join(IReadOnlyList<byte[]> pieces)
    {
        if (pieces.Count == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        var first = new Piece(pieces[0], null);
        Piece last = first;

        for (int i = 1; i < pieces.Count; i++)
        {
            last = new Piece(pieces[i], last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, Piece? previous)
        {
            Memory = bytes;

            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
