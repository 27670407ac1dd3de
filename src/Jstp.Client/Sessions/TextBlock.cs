using System.Buffers;

namespace Jstp.Client.Sessions;

/// <summary>Memory for texts, given back when the last of them is released. Not thread-safe.</summary>
internal sealed class TextBlock
{
    private const int DefaultLength = 32 * 1024;

    private readonly byte[] _bytes;
    private int _used;
    private int _texts;
    private bool _isRetired;

    private TextBlock(int length) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(length, DefaultLength));

    public int Room => _bytes.Length - _used;

    public static TextBlock Rent(int length) => new(length);

    public Span<byte> Span(int start, int length) => _bytes.AsSpan(start, length);

    public ReadOnlyMemory<byte> Memory(int start, int length) => _bytes.AsMemory(start, length);

    public int Reserve(int length)
    {
        int start = _used;
        _used += length;
        _texts++;

        return start;
    }

    public void Release()
    {
        _texts--;
        EndIfEmpty();
    }

    /// <summary>Nothing is added any more.</summary>
    public void Retire()
    {
        _isRetired = true;
        EndIfEmpty();
    }

    private void EndIfEmpty()
    {
        if (_texts == 0)
        {
            _used = 0;

            if (_isRetired)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }
        }
    }
}
