using System.Buffers;
using System.Runtime.CompilerServices;

namespace Jstp.Transport.Mdsf;

/// <summary>
/// Reads one MDSF text token by token, forward only, and checks grammar, limits and UTF-8 on the way (mdsf.md, sections 2 to 4).
/// </summary>
/// <remarks>
/// The whole text must be there from the start. A text is accepted once <see cref="Read"/> has returned <see langword="false"/>;
/// after an <see cref="MdsfException"/> the reader must not be used any more. Members that JavaScript would not keep (undefined ones,
/// repeated ones, <c>__proto__</c>) are shown like all others; <see cref="MdsfValue"/> knows the rules for them.
/// </remarks>
public ref partial struct MdsfReader
{
    private readonly int _maxDepth;
    private readonly int _maxValueCount;

    private ReadOnlySpan<byte> _buffer;   // the window: the text, or the part of it that is looked at
    private ReadOnlySequence<byte> _rest; // what follows the window
    private long _offset;                 // where the window begins in the text
    private int _position;                // the first byte of the window that is not consumed
    private int _tokenStart;              // what stands before it in the window is not needed any more
    private int _valueStart;
    private int _valueLength;
    private int _valuesLeft;
    private ContainerStack _containers;
    private Expectation _expected;
    private NumberForm _numberForm;
    private long _integer;
    private double _number;

    /// <summary>Starts reading a text that lies in one piece.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="options">The limits; the default value stands for the default limits.</param>
    public MdsfReader(ReadOnlySpan<byte> utf8, MdsfReaderOptions options = default)
    {
        _maxDepth = options.MaxDepth;
        _maxValueCount = options.MaxValueCount;
        _valuesLeft = _maxValueCount;
        _buffer = utf8;
    }

    /// <summary>Starts reading a text that may lie in several pieces; only tokens that cross a border are copied.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="options">The limits; the default value stands for the default limits.</param>
    public MdsfReader(in ReadOnlySequence<byte> utf8, MdsfReaderOptions options = default)
        : this(utf8.FirstSpan, options)
    {
        if (!utf8.IsSingleSegment)
        {
            _rest = utf8.Slice(utf8.FirstSpan.Length);
        }
    }

    private enum Expectation : byte
    {
        Value,
        Element,
        Name,
        Colon,
        Separator,
        End,
    }

    /// <summary>What the reader stands on.</summary>
    public MdsfTokenType TokenType { get; private set; }

    /// <summary>Whether the text of a string or a key must be decoded: <see cref="ValueSpan"/> is not what it means.</summary>
    public bool HasEscapes { get; private set; }

    /// <summary>How many containers enclose the current token; the braces and brackets of a container are outside of it.</summary>
    public readonly int CurrentDepth =>
        TokenType is MdsfTokenType.StartObject or MdsfTokenType.StartArray ? _containers.Depth - 1 : _containers.Depth;

    /// <summary>Where the current token begins: a byte offset from the beginning of the text.</summary>
    public readonly long TokenStart => _offset + _tokenStart;

    /// <summary>Where the current token ends: the offset of the byte behind it.</summary>
    public readonly long BytesConsumed => _offset + _position;

    /// <summary>The raw text of the current token, of a string without its quotes. Stays valid while the memory of the text does.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => _buffer.Slice(_valueStart, _valueLength);

    /// <summary>Goes to the next token.</summary>
    /// <returns><see langword="false"/> when the text has ended after its one value.</returns>
    /// <exception cref="MdsfException">The text is not MDSF, is not UTF-8, or exceeds a limit.</exception>
    public bool Read()
    {
        int next = PeekToken();

        switch (_expected)
        {
            case Expectation.Separator when next == ',':
                _position++;
                next = PeekToken();
                return _containers.IsInObject ? ReadNameOrEnd(next) : ReadElementOrEnd(next);

            case Expectation.Separator:
                return ReadEnd(next);

            case Expectation.Colon:
                if (next != ':')
                {
                    ThrowUnexpected("':'", next);
                }

                _position++;
                return ReadValue(PeekToken());

            case Expectation.Name:
                return ReadNameOrEnd(next);

            case Expectation.Element:
                return ReadElementOrEnd(next);

            case Expectation.Value:
                return ReadValue(next);

            default:
                return ReadNothing(next);
        }
    }

    /// <summary>
    /// Goes to the end of the object or array that the reader stands at the start of; from a key, to the end of its value.
    /// Anywhere else nothing happens.
    /// </summary>
    /// <exception cref="MdsfException">The text is not MDSF, is not UTF-8, or exceeds a limit.</exception>
    public void Skip()
    {
        if (TokenType == MdsfTokenType.PropertyName)
        {
            Read();
        }

        if (TokenType is MdsfTokenType.StartObject or MdsfTokenType.StartArray)
        {
            int outer = _containers.Depth - 1;

            while (_containers.Depth > outer)
            {
                Read();
            }
        }
    }

    private bool ReadElementOrEnd(int next)
    {
        switch (next)
        {
            case ']':
                return ReadEnd(next);

            case ',':
                CountValue();
                SetToken(MdsfTokenType.Undefined, length: 0);
                _expected = Expectation.Separator;
                return true;

            default:
                return ReadValue(next);
        }
    }

    private bool ReadNameOrEnd(int next)
    {
        if (next == '}')
        {
            return ReadEnd(next);
        }

        ReadName(next);
        _expected = Expectation.Colon;
        return true;
    }

    private bool ReadValue(int next)
    {
        switch (next)
        {
            case '\'' or '"':
                ReadString(MdsfTokenType.String);
                break;

            case (>= '0' and <= '9') or '-' or '+' or '.' or 'N' or 'I':
                ReadNumber();
                break;

            case '[' or '{':
                ReadStart(isObject: next == '{');
                return true;

            case 't':
                ReadWord("true"u8, MdsfTokenType.True);
                break;

            case 'f':
                ReadWord("false"u8, MdsfTokenType.False);
                break;

            case 'n':
                ReadWord("null"u8, MdsfTokenType.Null);
                break;

            case 'u':
                ReadWord("undefined"u8, MdsfTokenType.Undefined);
                break;

            default:
                ThrowUnexpected("a value", next);
                break;
        }

        CountValue();
        _expected = _containers.Depth == 0 ? Expectation.End : Expectation.Separator;
        return true;
    }

    private void ReadStart(bool isObject)
    {
        if (_containers.Depth >= _maxDepth)
        {
            MdsfThrowHelper.ThrowTooDeep(BytesConsumed, _maxDepth);
        }

        if (_containers.Depth > 0)
        {
            CountValue();
        }

        SetToken(isObject ? MdsfTokenType.StartObject : MdsfTokenType.StartArray, length: 1);
        _containers.Push(isObject);
        _expected = isObject ? Expectation.Name : Expectation.Element;
    }

    private bool ReadEnd(int next)
    {
        bool isObject = _containers.IsInObject;

        if (next != (isObject ? '}' : ']'))
        {
            ThrowUnexpected(isObject ? "',' or '}'" : "',' or ']'", next);
        }

        SetToken(isObject ? MdsfTokenType.EndObject : MdsfTokenType.EndArray, length: 1);
        _containers.Pop();
        _expected = _containers.Depth == 0 ? Expectation.End : Expectation.Separator;
        return true;
    }

    private bool ReadNothing(int next)
    {
        if (next != MdsfThrowHelper.EndOfText)
        {
            ThrowUnexpected("the end of the text", next);
        }

        SetToken(MdsfTokenType.None, length: 0);
        return false;
    }

    // What follows a word is not looked at: whatever is not a separator is refused by the next Read.
    private void ReadWord(ReadOnlySpan<byte> word, MdsfTokenType type)
    {
        _tokenStart = _position;
        MatchWord(word, at: 0);
        SetToken(type, word.Length);
    }

    private void MatchWord(ReadOnlySpan<byte> word, int at)
    {
        for (int i = 0; i < word.Length; i++)
        {
            int found = PeekAt(at + i);

            if (found != word[i])
            {
                MdsfThrowHelper.ThrowUnexpected(_offset + _tokenStart + at + i, "a value", found);
            }
        }
    }

    /// <summary>Makes the next <paramref name="length"/> bytes the current token, which means what it says.</summary>
    private void SetToken(MdsfTokenType type, int length)
    {
        TokenType = type;
        HasEscapes = false;
        _numberForm = NumberForm.None;
        _tokenStart = _position;
        _valueStart = _position;
        _valueLength = length;
        _position += length;
    }

    private void CountValue()
    {
        if (--_valuesLeft < 0)
        {
            MdsfThrowHelper.ThrowTooManyValues(BytesConsumed, _maxValueCount);
        }
    }

    /// <summary>The byte at a distance from the start of the token, or <see cref="MdsfThrowHelper.EndOfText"/>.</summary>
    private int PeekAt(int index)
    {
        int position = _tokenStart + index;

        if ((uint)position < (uint)_buffer.Length)
        {
            return _buffer[position];
        }

        return PeekAtSlow(index);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int PeekAtSlow(int index)
    {
        while (_tokenStart + index >= _buffer.Length)
        {
            if (!TryExtend())
            {
                return MdsfThrowHelper.EndOfText;
            }
        }

        return _buffer[_tokenStart + index];
    }

    /// <summary>
    /// Adds the next piece of the text to the window and drops what lies before the token, which then begins at index 0.
    /// Distances from the start of the token stay as they are.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryExtend()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ReadOnlySpan<byte> kept = _buffer[_tokenStart..];
        int taken;

        if (kept.IsEmpty)
        {
            _buffer = FirstNonEmpty(_rest);
            taken = _buffer.Length;
        }
        else
        {
            // The window at least doubles: a token cut into single bytes is copied a constant number of times, not once per byte.
            taken = (int)Math.Min(_rest.Length, Math.Max(kept.Length, 64));
            byte[] joined = new byte[kept.Length + taken];
            kept.CopyTo(joined);
            _rest.Slice(0, taken).CopyTo(joined.AsSpan(kept.Length));
            _buffer = joined;
        }

        _rest = _rest.Slice(taken);
        _offset += _tokenStart;
        _position -= _tokenStart;
        _tokenStart = 0;
        return true;
    }

    private static ReadOnlySpan<byte> FirstNonEmpty(scoped in ReadOnlySequence<byte> pieces)
    {
        SequencePosition position = pieces.Start;
        ReadOnlyMemory<byte> piece;

        do
        {
            pieces.TryGet(ref position, out piece);
        }
        while (piece.IsEmpty);

        return piece.Span;
    }

    private readonly void ThrowUnexpected(string expected, int found) =>
        MdsfThrowHelper.ThrowUnexpected(BytesConsumed, expected, found);
}
