using System.Buffers.Text;
using System.Diagnostics;

namespace Jstp.LoadGenerator.Wire;

/// <summary>
/// Writes the frames of one script's calls: masked beforehand for each number of digits that an id can have, so that a call
/// costs a copy and the masking of its id.
/// </summary>
internal sealed class CallFrames
{
    private const int MaxIdDigits = 16; // abs(id) is at most 2^53 - 1 (jstp-protocol.md, 3)

    private readonly Template[] _templateByDigits = new Template[MaxIdDigits + 1];

    public CallFrames(CallScript script)
    {
        for (int digits = 1; digits <= MaxIdDigits; digits++)
        {
            // A zero byte leaves the key itself in the frame, so that xor with the id's digits masks them in place.
            byte[] payload = [.. script.CallPrefix, .. new byte[digits], .. script.CallSuffix];
            int idOffset = ClientFrame.HeaderLength(payload.Length) + script.CallPrefix.Length;
            _templateByDigits[digits] = new Template(ClientFrame.Build(ClientFrame.TextOpcode, payload), idOffset);
        }

        MaxLength = _templateByDigits[MaxIdDigits].Frame.Length;
    }

    /// <summary>Length in bytes of the longest frame.</summary>
    public int MaxLength { get; }

    /// <summary>Writes the call with this id.</summary>
    /// <param name="id">1 to 2^53 - 1.</param>
    /// <param name="output">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Length of the frame in bytes.</returns>
    public int Write(long id, Span<byte> output)
    {
        Span<byte> idText = stackalloc byte[MaxIdDigits];
        bool formatted = Utf8Formatter.TryFormat(id, idText, out int digits);
        Debug.Assert(formatted);

        Template template = _templateByDigits[digits];
        template.Frame.CopyTo(output);
        Span<byte> masked = output.Slice(template.IdOffset, digits);

        for (int i = 0; i < digits; i++)
        {
            masked[i] ^= idText[i];
        }

        return template.Frame.Length;
    }

    private readonly record struct Template(byte[] Frame, int IdOffset);
}
