using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Jstp.Transport.Mdsf;

// Keys of members (mdsf.md, section 2: key, name).
public ref partial struct MdsfReader
{
    private void ReadName(int next)
    {
        if (next is '\'' or '"')
        {
            ReadString(MdsfTokenType.PropertyName);
            return;
        }

        if (next is >= '0' and <= '9')
        {
            ReadNumericName();
            return;
        }

        ReadOnlySpan<byte> rest = _buffer[_position..];
        int length = rest.IndexOfAnyExcept(IdentifierCharacters.AsciiParts);

        // A name that begins like this may go on behind what was looked at.
        if (length <= 0 || rest[length] is (byte)'\\' or >= 0x80)
        {
            ReadNameSlow(Math.Max(length, 0));
            return;
        }

        SetToken(MdsfTokenType.PropertyName, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadNameSlow(int length)
    {
        _tokenStart = _position;
        bool hasEscapes = false;

        while (true)
        {
            int codePoint = PeekCodePoint(length, out int next);

            if (!(length == 0 ? IdentifierCharacters.IsStart(codePoint) : IdentifierCharacters.IsPart(codePoint)))
            {
                break;
            }

            hasEscapes |= PeekAt(length) == '\\';
            length = next;
        }

        // An escape that denotes no such character belongs to nothing.
        if (length == 0 || PeekAt(length) == '\\')
        {
            MdsfThrowHelper.ThrowUnexpected(TokenStart + length, "a key", PeekAt(length));
        }

        SetToken(MdsfTokenType.PropertyName, length);
        HasEscapes = hasEscapes;
    }

    /// <summary>The code point, plain or escaped, at a distance from the start of the token; -1 at the end of the text.</summary>
    private int PeekCodePoint(int index, out int next)
    {
        int first = PeekAt(index);
        next = index + 1;

        if (first == '\\')
        {
            if (PeekAt(index + 1) != 'u')
            {
                MdsfThrowHelper.ThrowUnexpected(TokenStart + index + 1, "'u'", PeekAt(index + 1));
            }

            next = SkipUnicodeEscape(index, out int escaped);
            return escaped;
        }

        if (first < 0x80)
        {
            return first;
        }

        // Looking at the fourth byte brings all of a code point into the window.
        PeekAt(index + 3);

        if (Rune.DecodeFromUtf8(_buffer[(_tokenStart + index)..], out Rune rune, out int length) != OperationStatus.Done)
        {
            MdsfThrowHelper.ThrowInvalidUtf8(TokenStart + index);
        }

        next = index + length;
        return rune.Value;
    }

    private void ReadNumericName()
    {
        ReadNumber();
        TokenType = MdsfTokenType.PropertyName;
        HasEscapes = _numberForm != NumberForm.Integer;
    }
}
