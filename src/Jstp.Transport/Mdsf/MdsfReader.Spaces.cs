using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Jstp.Transport.Mdsf;

// White space and comments (mdsf.md, section 2: ws).
public ref partial struct MdsfReader
{
    private static readonly SearchValues<byte> AsciiSpaces = SearchValues.Create("\t\n\v\f\r "u8);

    /// <summary>Passes over white space and comments.</summary>
    /// <returns>The byte that a token could begin with, or <see cref="MdsfThrowHelper.EndOfText"/>.</returns>
    private int PeekToken()
    {
        if ((uint)_position < (uint)_buffer.Length)
        {
            byte next = _buffer[_position];

            if (next is > (byte)' ' and < 0x80 and not (byte)'/')
            {
                return next;
            }
        }

        return PeekTokenSlow();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int PeekTokenSlow()
    {
        while (true)
        {
            _tokenStart = _position;
            int next = PeekAt(0);

            if (next is ' ' or (>= '\t' and <= '\r'))
            {
                int run = _buffer[_position..].IndexOfAnyExcept(AsciiSpaces);
                _position = run < 0 ? _buffer.Length : _position + run;
            }
            else if (next == '/')
            {
                SkipComment();
            }
            else if (next < 0x80 || !TrySkipUnicodeSpace(next))
            {
                return next;
            }
        }
    }

    private bool TrySkipUnicodeSpace(int first)
    {
        int length = (first, PeekAt(1)) switch
        {
            (0xC2, 0xA0) => 2,                                        // U+00A0
            (0xE2, 0x80) when IsGeneralSpace(PeekAt(2)) => 3,
            (0xE2, 0x81) when PeekAt(2) == 0x9F => 3,                 // U+205F
            (0xE3, 0x80) when PeekAt(2) == 0x80 => 3,                 // U+3000
            (0xEF, 0xBB) when PeekAt(2) == 0xBF => 3,                 // U+FEFF
            _ => 0,
        };

        _position += length;
        return length > 0;

        // U+2000 to U+200A, U+2028, U+2029, U+202F
        static bool IsGeneralSpace(int third) => third is (>= 0x80 and <= 0x8A) or 0xA8 or 0xA9 or 0xAF;
    }

    private void SkipComment()
    {
        int length = PeekAt(1) switch
        {
            '/' => MeasureLineComment(),
            '*' => MeasureBlockComment(),
            int other => RefuseComment(other),
        };

        ValidateUtf8(_buffer.Slice(_tokenStart, length), TokenStart);
        _position = _tokenStart + length;
    }

    private int MeasureLineComment()
    {
        int length = 2;

        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer[(_tokenStart + length)..];
            int stop = rest.IndexOfAny((byte)'\n', (byte)'\r', (byte)0xE2);

            if (stop < 0)
            {
                length += rest.Length;

                if (!TryExtend())
                {
                    return length;
                }

                continue;
            }

            length += stop;

            if (PeekAt(length) != 0xE2 || (PeekAt(length + 1) == 0x80 && PeekAt(length + 2) is 0xA8 or 0xA9))
            {
                return length;
            }

            length++;
        }
    }

    private int MeasureBlockComment()
    {
        int length = 2;

        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer[(_tokenStart + length)..];
            int end = rest.IndexOf("*/"u8);

            if (end >= 0)
            {
                return length + end + 2;
            }

            // The asterisk may be here and its slash in the next piece.
            length += Math.Max(rest.Length - 1, 0);

            if (!TryExtend())
            {
                MdsfThrowHelper.ThrowUnexpected(_offset + _buffer.Length, "'*/'", MdsfThrowHelper.EndOfText);
            }
        }
    }

    private readonly int RefuseComment(int found)
    {
        MdsfThrowHelper.ThrowUnexpected(TokenStart + 1, "'/' or '*'", found);
        return 0;
    }

    private static void ValidateUtf8(ReadOnlySpan<byte> text, long offset)
    {
        if (!Utf8.IsValid(text))
        {
            ThrowFirstInvalid(text, offset);
        }
    }

    private static void ThrowFirstInvalid(ReadOnlySpan<byte> text, long offset)
    {
        int index = 0;

        while (Rune.DecodeFromUtf8(text[index..], out _, out int length) == OperationStatus.Done)
        {
            index += length;
        }

        MdsfThrowHelper.ThrowInvalidUtf8(offset + index);
    }
}
