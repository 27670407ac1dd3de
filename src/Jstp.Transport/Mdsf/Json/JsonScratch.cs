using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>A JSON writer and its memory, lent to one conversion at a time and kept by the thread in between.</summary>
internal sealed class JsonScratch
{
    // What a conversion needed more than this is not kept: one large value must not stay in every thread for ever.
    private const int MaxKeptLength = 64 * 1024;

    [ThreadStatic]
    private static JsonScratch? _kept;

    [ThreadStatic]
    private static int _lent;

    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    private JsonScratch() => Writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = int.MaxValue,
        SkipValidation = true,
    });

    /// <summary>Writes into the memory; flush it before reading <see cref="Written"/>.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>The memory itself, for text that does not come through <see cref="Writer"/>.</summary>
    public IBufferWriter<byte> Buffer => _buffer;

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Takes the scratch of the thread, or a new one while that is lent out to a conversion around this one.</summary>
    /// <exception cref="MdsfConversionException">So many conversions are inside of each other that the value must contain itself.</exception>
    public static JsonScratch Rent()
    {
        // A cycle that leaves System.Text.Json and comes back, through a tuple, escapes every other count of levels.
        if (_lent == MdsfWriter.MaxDepth)
        {
            MdsfThrowHelper.ThrowWriterTooDeep(MdsfWriter.MaxDepth);
        }

        _lent++;
        JsonScratch scratch = _kept ?? new JsonScratch();
        _kept = null;
        return scratch;
    }

    /// <summary>Gives the scratch back; what it holds is forgotten.</summary>
    public void Return()
    {
        _lent--;

        if (_buffer.Capacity <= MaxKeptLength)
        {
            _buffer.ResetWrittenCount();
            Writer.Reset();
            _kept = this;
        }
    }
}
