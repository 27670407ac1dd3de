using System.Buffers;
using System.Security.Cryptography;
using Jstp.Actors.Persistence.Columns;

namespace Jstp.Actors.Sessions;

/// <summary>Tells whether two texts are the same, byte by byte, without keeping a long one.</summary>
internal readonly struct TextFingerprint
{
    private const int MaxKept = 64; // the hash has 32, but takes many times as long to make

    private readonly int _textLength;
    private readonly byte[] _bytes; // the text itself where it is short

    private TextFingerprint(int textLength, byte[] bytes)
    {
        _textLength = textLength;
        _bytes = bytes;
    }

    /// <summary>Bytes that it holds.</summary>
    public int Length => _bytes.Length;

    public static TextFingerprint Of(ReadOnlySpan<byte> text) =>
        new(text.Length, text.Length <= MaxKept ? text.ToArray() : SHA256.HashData(text));

    public static TextFingerprint Read(ref ReadOnlySpan<byte> written) =>
        new((int)ColumnFormat.ReadInt64(ref written), ColumnFormat.ReadBytes(ref written).ToArray());

    public void Write(IBufferWriter<byte> output)
    {
        ColumnFormat.WriteInt64(output, _textLength);
        ColumnFormat.WriteBytes(output, _bytes);
    }

    /// <summary>Whether it is that of a text.</summary>
    public bool Matches(ReadOnlySpan<byte> text) => text.Length == _textLength && Of(text)._bytes.AsSpan().SequenceEqual(_bytes);
}
