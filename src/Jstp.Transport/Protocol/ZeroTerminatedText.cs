using System.Buffers;

namespace Jstp.Transport.Protocol;

/// <summary>The framing of JSTP over byte streams: each text ends with a zero byte, which no text holds (protocol page, appendix).</summary>
public static class ZeroTerminatedText
{
    private const byte Terminator = 0;

    /// <summary>Takes the next whole text out of the input.</summary>
    /// <param name="input">The received bytes; those of the text and its end are cut off. Unchanged if there is no whole text.</param>
    /// <param name="text">The text, which lies in the input; it may be empty.</param>
    public static bool TryRead(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> text)
    {
        var reader = new SequenceReader<byte>(input);

        if (!reader.TryReadTo(out text, Terminator))
        {
            return false;
        }

        input = reader.UnreadSequence;

        return true;
    }

    /// <summary>Writes a text and its end.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(output);
        Span<byte> room = output.GetSpan(text.Length + 1);
        text.CopyTo(room);
        room[text.Length] = Terminator;
        output.Advance(text.Length + 1);
    }
}
