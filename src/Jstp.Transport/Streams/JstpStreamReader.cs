using System.Buffers;
using System.Text.Unicode;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Streams;

/// <summary>
/// Finds the texts in a byte stream: UTF-8, each followed by a zero byte (protocol page, appendix). Every byte is looked at once, however the stream is
/// cut; between texts the object holds no buffer. Not thread-safe. Nothing that a peer sends makes a method throw.
/// </summary>
public sealed class JstpStreamReader : IDisposable
{
    private readonly int _maxTextLength;
    private PooledBuffer _text; // the text under way, as far as it was in earlier input
    private bool _isDelivered; // and it was handed out whole, so it must live until the next call
    private bool _hasFailed;

    /// <summary>Begins at the first byte of a stream.</summary>
    /// <param name="maxTextLength">Bytes that a text may have; at least 1. A longer one is given up as soon as it is longer, whether its end has arrived or not.</param>
    public JstpStreamReader(int maxTextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTextLength, 1);
        _maxTextLength = maxTextLength;
    }

    /// <summary>Takes the next text out of the received bytes.</summary>
    /// <param name="input">What arrived and was not taken yet; on return, what is left. Part of a text may be taken, and must not be presented again.</param>
    /// <param name="text">The text without its zero byte, where it lies if it lies in one piece. Valid until the next call, or until <paramref name="input"/> is given back.</param>
    /// <returns>What was found. After <see cref="JstpStreamStatus.None"/> everything was taken; after a failure all that follows is thrown away.</returns>
    public JstpStreamStatus Read(ref ReadOnlySequence<byte> input, out ReadOnlyMemory<byte> text)
    {
        if (_isDelivered)
        {
            _isDelivered = false;
            _text.Clear();
        }

        ReadOnlyMemory<byte> first = input.First;
        int end = first.Span.IndexOf((byte)0);

        // The common case: all of the text in the first segment.
        if (end >= 0 && _text.Length == 0 && !_hasFailed)
        {
            input = input.Slice(end + 1);
            text = first[..end];

            return Check(text);
        }

        return ReadPieces(ref input, out text);
    }

    /// <summary>Gives pooled memory back.</summary>
    public void Dispose()
    {
        _hasFailed = true;
        _text.Clear();
    }

    private JstpStreamStatus ReadPieces(ref ReadOnlySequence<byte> input, out ReadOnlyMemory<byte> text)
    {
        text = default;
        long taken = 0;

        foreach (ReadOnlyMemory<byte> segment in input)
        {
            if (_hasFailed)
            {
                break;
            }

            ReadOnlySpan<byte> piece = segment.Span;
            int end = piece.IndexOf((byte)0);
            piece = end < 0 ? piece : piece[..end];

            if (piece.Length > _maxTextLength - _text.Length)
            {
                input = input.Slice(input.End);

                return Fail(JstpStreamStatus.TooLarge);
            }

            if (!piece.IsEmpty)
            {
                piece.CopyTo(_text.GetSpan(piece.Length));
                _text.Advance(piece.Length);
            }

            if (end >= 0)
            {
                input = input.Slice(taken + end + 1);
                text = _text.Memory;
                _isDelivered = true;

                return Check(text);
            }

            taken += segment.Length;
        }

        input = input.Slice(input.End);

        return JstpStreamStatus.None;
    }

    private JstpStreamStatus Check(ReadOnlyMemory<byte> text) =>
        text.Length > _maxTextLength ? Fail(JstpStreamStatus.TooLarge)
        : !Utf8.IsValid(text.Span) ? Fail(JstpStreamStatus.InvalidUtf8)
        : JstpStreamStatus.Text;

    private JstpStreamStatus Fail(JstpStreamStatus status)
    {
        _hasFailed = true;
        _isDelivered = true; // nobody needs it, and the next call or the end gives it back

        return status;
    }
}
