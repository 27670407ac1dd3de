using System.Buffers.Text;

namespace Jstp.LoadGenerator.Wire;

/// <summary>Recognizes the answers of one script: every byte of them is compared.</summary>
internal sealed class AnswerReader(CallScript script)
{
    private readonly byte[] _prefix = script.AnswerPrefix;
    private readonly byte[] _suffix = script.AnswerSuffix;

    /// <summary>Reads the answer at the beginning of a text.</summary>
    /// <returns>Length of the answer in bytes, or 0 when the text does not begin with a right answer.</returns>
    public int Read(ReadOnlySpan<byte> text, out long id)
    {
        id = 0;

        if (!text.StartsWith(_prefix)
            || !Utf8Parser.TryParse(text[_prefix.Length..], out id, out int digits)
            || !text[(_prefix.Length + digits)..].StartsWith(_suffix))
        {
            return 0;
        }

        return _prefix.Length + digits + _suffix.Length;
    }
}
