using System.Buffers.Text;

namespace Jstp.LoadGenerator.Wire;

/// <summary>
/// Checks what one connection gets besides answers: that no message with an id is missing, doubled or out of place, and that each call has drawn its events
/// before it was answered.
/// </summary>
internal sealed class EventReader(CallScript script)
{
    private readonly byte[] _prefix = script.EventPrefix;
    private readonly byte[] _middle = script.EventMiddle;
    private readonly byte[] _suffix = script.EventSuffix;
    private long _lastMagnitude;
    private int _next; // number of the event that is to come

    /// <summary>Reads an event.</summary>
    /// <returns>Whether the text is the event that had to come next.</returns>
    public bool TryRead(ReadOnlySpan<byte> text)
    {
        if (_prefix.Length == 0
            || !text.StartsWith(_prefix)
            || !TryTakeMagnitude(text[_prefix.Length..], out int digits))
        {
            return false;
        }

        text = text[(_prefix.Length + digits)..];

        return text.StartsWith(_middle)
            && Utf8Parser.TryParse(text[_middle.Length..], out int number, out digits)
            && number == _next++
            && text[(_middle.Length + digits)..].SequenceEqual(_suffix);
    }

    /// <summary>Reads the id of a question for a sign of life, which has its place among those of events.</summary>
    /// <param name="rest">What stands behind the prefix of such questions.</param>
    public bool TryReadLiveness(ReadOnlySpan<byte> rest) => script.EventsPerCall == 0 || TryTakeMagnitude(rest, out _);

    /// <summary>Notes an answer.</summary>
    /// <returns>Whether its events had come.</returns>
    public bool TryEndCall()
    {
        bool isComplete = _next == script.EventsPerCall;
        _next = 0;

        return isComplete;
    }

    private bool TryTakeMagnitude(ReadOnlySpan<byte> text, out int digits) =>
        Utf8Parser.TryParse(text, out long magnitude, out digits) && magnitude == ++_lastMagnitude;
}
