using System.Buffers;

namespace Jstp.Transport.Protocol;

/// <summary>A buffer for one message while it is made, given back before the thread goes on to something else. Each thread keeps one that is not too large.</summary>
internal static class TextScratch
{
    private const int InitialCapacity = 1024;
    private const int MaxKeptCapacity = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _kept;

    /// <summary>Returns an empty buffer. Who asks again before returning it, as a turn inside of a turn does, or a converter that sends a message itself, gets another one.</summary>
    public static ArrayBufferWriter<byte> Rent()
    {
        ArrayBufferWriter<byte> buffer = _kept ?? new ArrayBufferWriter<byte>(InitialCapacity);
        _kept = null;

        return buffer;
    }

    /// <summary>Takes a buffer back, which nobody may use any more.</summary>
    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity <= MaxKeptCapacity)
        {
            buffer.ResetWrittenCount();
            _kept = buffer;
        }
    }
}
