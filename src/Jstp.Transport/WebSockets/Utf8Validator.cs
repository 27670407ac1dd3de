using System.Text.Unicode;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// Checks UTF-8 that arrives in pieces (RFC 3629), and refuses it at the first byte that no valid text could have there.
/// The default value is a validator at the start of a text.
/// </summary>
internal struct Utf8Validator
{
    private const byte AnyContinuationLow = 0x80;
    private const byte AnyContinuationHigh = 0xBF;

    // The open sequence: bytes it still needs, and the range in which the next one must lie.
    private byte _needed;
    private byte _low;
    private byte _high;

    /// <summary>Whether the text so far may end here, that is, no sequence is open.</summary>
    public readonly bool IsComplete => _needed == 0;

    /// <summary>Takes the next piece.</summary>
    /// <returns><see langword="false"/> when the text can no longer become valid.</returns>
    public bool Append(ReadOnlySpan<byte> piece)
    {
        while (_needed != 0 && !piece.IsEmpty)
        {
            if (!Step(piece[0]))
            {
                return false;
            }

            piece = piece[1..];
        }

        // The vectorised check takes all but a sequence that the end of the piece cuts.
        int tail = GetCutTailLength(piece);

        if (!Utf8.IsValid(piece[..^tail]))
        {
            return false;
        }

        foreach (byte value in piece[^tail..])
        {
            if (!Step(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Length of the sequence at the end that lacks bytes: 0 to 3.</summary>
    private static int GetCutTailLength(ReadOnlySpan<byte> piece)
    {
        int furthest = Math.Min(3, piece.Length);

        for (int back = 1; back <= furthest; back++)
        {
            byte value = piece[^back];

            if (value is >= 0x80 and < 0xC0)
            {
                continue;
            }

            return GetSequenceLength(value) > back ? back : 0;
        }

        return 0;
    }

    private static int GetSequenceLength(byte lead) => lead switch
    {
        >= 0xF0 => 4,
        >= 0xE0 => 3,
        >= 0xC0 => 2,
        _ => 1,
    };

    private bool Step(byte value)
    {
        if (_needed != 0)
        {
            if (value < _low || value > _high)
            {
                return false;
            }

            _needed--;
            (_low, _high) = (AnyContinuationLow, AnyContinuationHigh);
            return true;
        }

        // RFC 3629, 4: some leads narrow the byte behind them, which rules out overlong forms, surrogates and values past U+10FFFF.
        (_needed, _low, _high) = value switch
        {
            < 0x80 => ((byte)0, AnyContinuationLow, AnyContinuationHigh),
            < 0xC2 => (byte.MaxValue, AnyContinuationLow, AnyContinuationHigh),
            < 0xE0 => ((byte)1, AnyContinuationLow, AnyContinuationHigh),
            0xE0 => ((byte)2, (byte)0xA0, AnyContinuationHigh),
            0xED => ((byte)2, AnyContinuationLow, (byte)0x9F),
            < 0xF0 => ((byte)2, AnyContinuationLow, AnyContinuationHigh),
            0xF0 => ((byte)3, (byte)0x90, AnyContinuationHigh),
            < 0xF4 => ((byte)3, AnyContinuationLow, AnyContinuationHigh),
            0xF4 => ((byte)3, AnyContinuationLow, (byte)0x8F),
            _ => (byte.MaxValue, AnyContinuationLow, AnyContinuationHigh),
        };

        return _needed != byte.MaxValue;
    }
}
