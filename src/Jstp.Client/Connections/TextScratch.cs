using System.Buffers;

namespace Jstp.Client.Connections;

/// <summary>A buffer for one message while it is made. Each thread keeps one that is not too large.</summary>
internal static class TextScratch
{
    private const int InitialCapacity = 1024;
    private const int MaxKeptCapacity = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _kept;

    /// <summary>Returns an empty buffer. Who asks again before returning it, as a converter may that sends a message itself, gets another one.</summary>
    public static ArrayBufferWriter<byte> Rent()
    {
        ArrayBufferWriter<byte> buffer = _kept ?? new ArrayBufferWriter<byte>(InitialCapacity);
        _kept = null;

        return buffer;
    }

    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity <= MaxKeptCapacity)
        {
            buffer.ResetWrittenCount();
            _kept = buffer;
        }
    }
}
