using System.Buffers;
using System.Diagnostics;

namespace Jstp.Transport.Streams;

/// <summary>Writes texts to a byte stream, each followed by a zero byte (protocol page, appendix).</summary>
public static class JstpStreamWriter
{
    /// <summary>Writes one text.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="text">The text in UTF-8. A zero byte cannot occur in what the writers of messages make, as strings have it as an escape.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(output);
        Debug.Assert(!text.Contains((byte)0), "A zero byte would end the text.");
        Span<byte> span = output.GetSpan();

        if (text.Length < span.Length)
        {
            text.CopyTo(span);
            span[text.Length] = 0;
            output.Advance(text.Length + 1);

            return;
        }

        output.Write(text); // in pieces of the output's own size
        output.Write<byte>([0]);
    }
}
