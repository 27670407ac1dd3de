using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Protocol;

/// <summary>A name inside a message text: of an interface, a method, an event, a strategy. Decoded only when somebody asks.</summary>
/// <remarks>Valid as long as the memory of the message is. The default value is the empty name.</remarks>
public readonly struct JstpName
{
    /// <summary>The longest name that can be known, in UTF-16 code units (protocol page, section 15).</summary>
    public const int MaxLength = 256;

    // A code unit takes three bytes at most if it is written plainly, six if it is escaped (\u0061). Only padding beyond use, such as
    // \u{000000061}, makes a name of 256 code units longer than this.
    private const int MaxPlainBytes = 3 * MaxLength;
    private const int MaxEscapedBytes = 8 * MaxLength;

    private readonly ReadOnlyMemory<byte> _raw;
    private readonly JstpNameForm _form;

    internal JstpName(ReadOnlyMemory<byte> raw, JstpNameForm form)
    {
        _raw = raw;
        _form = form;
    }

    /// <summary>Tells whether the name has no characters.</summary>
    public bool IsEmpty => _raw.IsEmpty || (_form == JstpNameForm.Escaped && ToString().Length == 0);

    /// <summary>Compares the name with a text. Allocates nothing unless the name holds escapes.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public bool Equals(ReadOnlySpan<byte> utf8) => JstpNameText.ToKey(_raw.Span, _form).SequenceEqual(utf8);

    /// <summary>The name as it is meant, however long it is; unpaired surrogates are kept.</summary>
    public override string ToString() => JstpNameText.Decode(_raw.Span, _form);

    /// <summary>Decodes the name unless it is longer than <see cref="MaxLength"/> code units, and therefore unknown to everyone.</summary>
    public bool TryGetKnowable([NotNullWhen(true)] out string? name)
    {
        name = MayBeKnowable ? ToString() : null;
        name = name?.Length <= MaxLength ? name : null;
        return name is not null;
    }

    /// <summary>
    /// Gives the name in UTF-8, if it is not certainly too long to be known. Allocates nothing unless the name holds escapes.
    /// </summary>
    internal bool TryGetKey(out ReadOnlySpan<byte> utf8)
    {
        utf8 = MayBeKnowable ? JstpNameText.ToKey(_raw.Span, _form) : default;
        return MayBeKnowable;
    }

    private bool MayBeKnowable => _raw.Length <= (_form == JstpNameForm.Plain ? MaxPlainBytes : MaxEscapedBytes);
}
