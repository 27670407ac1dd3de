using System.Buffers;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// Control frames that the protocol wrote while reading and that are still to go out. Small: the protocol bounds how many there are between two reads.
/// Guarded by its connection's lock.
/// </summary>
internal sealed class ReplyBuffer : IBufferWriter<byte>
{
    private PooledBuffer _bytes;

    public bool IsEmpty => _bytes.Length == 0;

    public void Advance(int count) => _bytes.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException("The frame writer asks for spans.");

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(Math.Max(sizeHint, FrameHeader.MaxLength));

    /// <summary>Moves everything to the connection's output.</summary>
    public void MoveTo(IBufferWriter<byte> output)
    {
        output.Write(_bytes.Memory.Span);
        _bytes.Clear();
    }

    public void Clear() => _bytes.Clear();
}
