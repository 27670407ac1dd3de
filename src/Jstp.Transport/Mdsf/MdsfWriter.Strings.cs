using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Jstp.Transport.Mdsf;

// Strings and names (mdsf.md, sections 5.1 and 5.2).
public ref partial struct MdsfWriter
{
    private const int MaxChunkLength = 1024;
    private const int MaxUtf8PerChar = 3;
    private const int EscapeLength = 6; // \u2028

    // The lead byte E2 stands for U+2028 and U+2029, which are looked for only where it occurs.
    private static readonly SearchValues<byte> SuspectBytes = SearchValues.Create([.. Controls(), (byte)'\'', (byte)'"', (byte)'\\', 0xE2]);
    private static readonly SearchValues<char> EscapedChars =
        SearchValues.Create([.. Controls().Select(static value => (char)value), '\'', '"', '\\', '\u2028', '\u2029']);

    /// <summary>Writes a string.</summary>
    /// <param name="value">Any text; unpaired surrogates are written as escapes. <see langword="null"/> is written as <c>null</c>.</param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteNull();
        }
        else
        {
            WriteString(value.AsSpan());
        }
    }

    /// <summary>Writes a string.</summary>
    /// <param name="value">Any text; unpaired surrogates are written as escapes.</param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteString(scoped ReadOnlySpan<char> value)
    {
        BeginValue((Math.Min(value.Length, MaxChunkLength) * MaxUtf8PerChar) + 2);
        WriteQuoted(value);
        EndValue();
    }

    /// <summary>Writes a string.</summary>
    /// <param name="utf8">The text as UTF-8.</param>
    /// <exception cref="ArgumentException">The text is not UTF-8.</exception>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteStringUtf8(scoped ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new ArgumentException("The text is not UTF-8.", nameof(utf8));
        }

        BeginValue(utf8.Length + 2);

        if (utf8.IndexOfAny(SuspectBytes) < 0)
        {
            _buffer[_used++] = (byte)'\'';
            utf8.CopyTo(_buffer[_used..]);
            _used += utf8.Length;
            _buffer[_used++] = (byte)'\'';
        }
        else
        {
            WriteQuotedSlow(Encoding.UTF8.GetString(utf8));
        }

        EndValue();
    }

    /// <summary>Writes the name of a member, whose value must come next.</summary>
    /// <param name="name">Any text. The member <c>__proto__</c> will be left out, because JavaScript would make a prototype of it.</param>
    /// <exception cref="ArgumentNullException">There is no name.</exception>
    /// <exception cref="InvalidOperationException">No member can stand here.</exception>
    public void WritePropertyName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        WritePropertyName(name.AsSpan());
    }

    /// <summary>Writes the name of a member, whose value must come next.</summary>
    /// <param name="name">Any text. The member <c>__proto__</c> will be left out, because JavaScript would make a prototype of it.</param>
    /// <exception cref="InvalidOperationException">No member can stand here.</exception>
    public void WritePropertyName(scoped ReadOnlySpan<char> name)
    {
        BeginMember((Math.Min(name.Length, MaxChunkLength) * MaxUtf8PerChar) + 4);

        if (name.Length <= MaxChunkLength && IdentifierCharacters.IsAsciiName(name))
        {
            _used += Encoding.UTF8.GetBytes(name, _buffer[_used..]);

            if (name is "__proto__")
            {
                SuppressMember();
            }
        }
        else
        {
            WriteQuoted(name);
        }

        EndName();
    }

    /// <summary>Writes the name of a member, whose value must come next.</summary>
    /// <param name="utf8">
    /// The name as UTF-8. The member <c>__proto__</c> will be left out, because JavaScript would make a prototype of it.
    /// </param>
    /// <exception cref="ArgumentException">The name is not UTF-8.</exception>
    /// <exception cref="InvalidOperationException">No member can stand here.</exception>
    public void WritePropertyName(scoped ReadOnlySpan<byte> utf8)
    {
        if (IdentifierCharacters.IsAsciiName(utf8) && !utf8.SequenceEqual("__proto__"u8))
        {
            BeginMember(utf8.Length + 2);
            utf8.CopyTo(_buffer[_used..]);
            _used += utf8.Length;
            EndName();
        }
        else
        {
            WritePropertyNameSlow(utf8);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WritePropertyNameSlow(scoped ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new ArgumentException("The name is not UTF-8.", nameof(utf8));
        }

        WritePropertyName(Encoding.UTF8.GetString(utf8));
    }

    private static IEnumerable<byte> Controls() => Enumerable.Range(0, 0x20).Select(static value => (byte)value);

    private void BeginMember(int length)
    {
        if (_place is not (Place.FirstMember or Place.NextMember))
        {
            MdsfThrowHelper.ThrowMisuse("A name can only stand where an object awaits a member.");
        }

        EnsureRoom(length);
        _name = new MemberStart(_used, IsFirst: _place == Place.FirstMember);

        if (_place == Place.NextMember)
        {
            _buffer[_used++] = (byte)',';
        }
    }

    private void EndName()
    {
        EnsureRoom(1);
        _buffer[_used++] = (byte)':';
        _place = Place.MemberValue;
    }

    private void SuppressMember()
    {
        if (_suppressedDepth == 0)
        {
            _suppressed = _name;
            _suppressedDepth = _containers.Depth;
        }
    }

    /// <summary>Writes a text in quotes; the caller has made room for the first chunk and the quotes.</summary>
    private void WriteQuoted(scoped ReadOnlySpan<char> text)
    {
        if (text.Length <= MaxChunkLength)
        {
            Span<byte> target = _buffer[(_used + 1)..];
            OperationStatus status = Utf8.FromUtf16(text, target, out _, out int written, replaceInvalidSequences: false);

            if (status == OperationStatus.Done && !target[..written].ContainsAny(SuspectBytes))
            {
                _buffer[_used] = (byte)'\'';
                _used += written + 2;
                _buffer[_used - 1] = (byte)'\'';
                return;
            }
        }

        WriteQuotedSlow(text);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteQuotedSlow(scoped ReadOnlySpan<char> text)
    {
        EnsureRoom(1);
        _buffer[_used++] = (byte)'\'';

        while (!text.IsEmpty)
        {
            int plain = text.IndexOfAny(EscapedChars);
            WriteUnescaped(plain < 0 ? text : text[..plain]);

            if (plain < 0)
            {
                break;
            }

            WriteEscape(text[plain], isLast: plain == text.Length - 1);
            text = text[(plain + 1)..];
        }

        EnsureRoom(1);
        _buffer[_used++] = (byte)'\'';
    }

    /// <summary>Writes text that holds nothing to escape but unpaired surrogates.</summary>
    private void WriteUnescaped(scoped ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            ReadOnlySpan<char> chunk = text[..Math.Min(text.Length, MaxChunkLength)];
            EnsureRoom(chunk.Length * MaxUtf8PerChar);
            bool isLast = chunk.Length == text.Length;
            OperationStatus status = Utf8.FromUtf16(
                chunk, _buffer[_used..], out int read, out int written, replaceInvalidSequences: false, isFinalBlock: isLast);
            _used += written;
            text = text[read..];

            if (status == OperationStatus.InvalidData)
            {
                WriteCodeUnit(text[0]);
                text = text[1..];
            }
        }
    }

    private void WriteEscape(char value, bool isLast)
    {
        byte letter = value switch
        {
            '\b' => (byte)'b',
            '\t' => (byte)'t',
            '\n' => (byte)'n',
            '\f' => (byte)'f',
            '\r' => (byte)'r',
            '\'' or '"' => (byte)value,
            // The Java client takes the quote behind a doubled backslash for an escaped one.
            '\\' when !isLast => (byte)'\\',
            _ => 0,
        };

        if (letter == 0)
        {
            WriteCodeUnit(value);
            return;
        }

        EnsureRoom(2);
        _buffer[_used++] = (byte)'\\';
        _buffer[_used++] = letter;
    }

    private void WriteCodeUnit(char value)
    {
        EnsureRoom(EscapeLength);
        _buffer[_used++] = (byte)'\\';
        _buffer[_used++] = (byte)'u';

        for (int shift = 12; shift >= 0; shift -= 4)
        {
            _buffer[_used++] = HexDigit.FromValue((value >> shift) & 0xF);
        }
    }
}
