using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Jstp.Transport.Mdsf;

// Strings, and the text that strings and keys stand for (mdsf.md, section 2: string, escape).
public ref partial struct MdsfReader
{
    private const int StackLength = 256;

    private static readonly SearchValues<byte> SingleQuotedStops = SearchValues.Create([(byte)'\'', (byte)'\\', .. NonAsciiBytes()]);
    private static readonly SearchValues<byte> DoubleQuotedStops = SearchValues.Create([(byte)'"', (byte)'\\', .. NonAsciiBytes()]);

    /// <summary>The string or key that the reader stands on. Unpaired surrogates are kept.</summary>
    /// <exception cref="InvalidOperationException">The token is neither a string nor a key.</exception>
    public readonly string GetString()
    {
        EnsureText();
        return HasEscapes ? DecodeToString() : Encoding.UTF8.GetString(ValueSpan);
    }

    /// <summary>Copies the string or key that the reader stands on.</summary>
    /// <param name="destination">
    /// Room for as many characters as <see cref="ValueSpan"/> has bytes is enough; for a key, at least 32.
    /// </param>
    /// <returns>The number of characters.</returns>
    /// <exception cref="InvalidOperationException">The token is neither a string nor a key.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public readonly int CopyString(Span<char> destination)
    {
        EnsureText();

        if (!HasEscapes)
        {
            return Encoding.UTF8.GetChars(ValueSpan, destination);
        }

        return _numberForm == NumberForm.None
            ? MdsfEscapes.Decode(ValueSpan, destination)
            : NumberText.FormatJavaScript(GetNumber(), destination);
    }

    /// <summary>Compares the string or key that the reader stands on, decoded, with a text.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <exception cref="InvalidOperationException">The token is neither a string nor a key.</exception>
    public readonly bool ValueTextEquals(ReadOnlySpan<byte> utf8)
    {
        EnsureText();
        return HasEscapes ? DecodedEquals(utf8) : ValueSpan.SequenceEqual(utf8);
    }

    private static byte[] NonAsciiBytes() => [.. Enumerable.Range(0x80, 0x80).Select(static value => (byte)value)];

    private readonly void EnsureText()
    {
        if (TokenType is not (MdsfTokenType.String or MdsfTokenType.PropertyName))
        {
            MdsfThrowHelper.ThrowWrongToken("a string or a key", TokenType);
        }
    }

    private void ReadString(MdsfTokenType type)
    {
        byte quote = _buffer[_position];
        ReadOnlySpan<byte> rest = _buffer[(_position + 1)..];
        int length = rest.IndexOfAny(quote == '\'' ? SingleQuotedStops : DoubleQuotedStops);

        if (length < 0 || rest[length] != quote)
        {
            ReadStringSlow(type, quote, length < 0 ? rest.Length : length);
            return;
        }

        SetString(type, length, hasEscapes: false);
    }

    private void SetString(MdsfTokenType type, int length, bool hasEscapes)
    {
        SetToken(type, length + 2);
        HasEscapes = hasEscapes;
        _valueStart++;
        _valueLength = length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadStringSlow(MdsfTokenType type, byte quote, int plainLength)
    {
        _tokenStart = _position;
        int index = 1 + plainLength;
        bool hasEscapes = false;

        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer[(_tokenStart + index)..];
            int stop = rest.IndexOfAny(quote, (byte)'\\');

            if (stop < 0)
            {
                index += rest.Length;

                if (!TryExtend())
                {
                    MdsfThrowHelper.ThrowUnexpected(TokenStart + index, "the closing quote", MdsfThrowHelper.EndOfText);
                }
            }
            else if (rest[stop] == quote)
            {
                index += stop;
                break;
            }
            else
            {
                hasEscapes = true;
                index = SkipEscape(index + stop);
            }
        }

        ValidateUtf8(_buffer.Slice(_tokenStart + 1, index - 1), TokenStart + 1);
        SetString(type, index - 1, hasEscapes);
    }

    /// <summary>Passes over the escape whose backslash is at a distance from the start of the token.</summary>
    private int SkipEscape(int index)
    {
        switch (PeekAt(index + 1))
        {
            case 'u':
                return SkipUnicodeEscape(index, out _);

            case 'x':
                ReadHexDigit(index + 2);
                ReadHexDigit(index + 3);
                return index + 4;

            case MdsfThrowHelper.EndOfText:
                MdsfThrowHelper.ThrowUnexpected(TokenStart + index + 1, "the rest of an escape", MdsfThrowHelper.EndOfText);
                return index;

            // The rest of octal digits, CR LF or a code point of several bytes is as harmless as plain text here.
            default:
                return index + 2;
        }
    }

    private int SkipUnicodeEscape(int index, out int codePoint)
    {
        codePoint = 0;

        if (PeekAt(index + 2) != '{')
        {
            for (int digit = 2; digit < 6; digit++)
            {
                codePoint = (codePoint << 4) | ReadHexDigit(index + digit);
            }

            return index + 6;
        }

        int start = index;
        index += 3;

        do
        {
            codePoint = (codePoint << 4) | ReadHexDigit(index++);

            if (codePoint > 0x10FFFF)
            {
                MdsfThrowHelper.ThrowInvalidCodePoint(TokenStart + start);
            }
        }
        while (PeekAt(index) != '}');

        return index + 1;
    }

    private int ReadHexDigit(int index)
    {
        int found = PeekAt(index);

        if (found < 0 || !char.IsAsciiHexDigit((char)found))
        {
            MdsfThrowHelper.ThrowUnexpected(TokenStart + index, "a hexadecimal digit", found);
        }

        return HexDigit.Value(found);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly string DecodeToString()
    {
        int capacity = Math.Max(_valueLength, NumberText.MaxJavaScriptLength);
        char[]? rented = null;
        Span<char> buffer = capacity <= StackLength ? stackalloc char[StackLength] : rented = ArrayPool<char>.Shared.Rent(capacity);
        string text = new(buffer[..CopyString(buffer)]);

        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return text;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool DecodedEquals(ReadOnlySpan<byte> utf8) => DecodeToString() == Encoding.UTF8.GetString(utf8);
}
