using System.Runtime.InteropServices;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>Where a key or a value stands in the text of its message; the default value stands for one that is not there.</summary>
/// <param name="Start">The offset of its first byte; of a key or a string that is the one behind the quote.</param>
/// <param name="Length">How many bytes it has, quotes not counted.</param>
/// <param name="Type">What it is.</param>
/// <param name="Form">How its text is written, if it is a key or a string.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JstpMessageSlice(int Start, int Length, MdsfTokenType Type, JstpNameForm Form)
{
    /// <summary>Takes the key or the scalar that a reader stands on.</summary>
    public static JstpMessageSlice FromToken(ReadOnlySpan<byte> text, in MdsfReader reader)
    {
        int start = (int)reader.TokenStart;
        bool isQuoted = text[start] is (byte)'\'' or (byte)'"';
        int end = (int)reader.BytesConsumed;
        JstpNameForm form = !reader.HasEscapes ? JstpNameForm.Plain
            : isQuoted || !char.IsAsciiDigit((char)text[start]) ? JstpNameForm.Escaped
            : JstpNameForm.Number;

        return isQuoted
            ? new JstpMessageSlice(start + 1, end - start - 2, reader.TokenType, form)
            : new JstpMessageSlice(start, end - start, reader.TokenType, form);
    }

    /// <summary>The raw value, with quotes if it is a string.</summary>
    public ReadOnlyMemory<byte> ValueIn(ReadOnlyMemory<byte> text) =>
        Type == MdsfTokenType.String ? text.Slice(Start - 1, Length + 2) : text.Slice(Start, Length);

    /// <summary>Bytes that tell a key from others, see <see cref="JstpNameText.ToKey"/>.</summary>
    public ReadOnlySpan<byte> KeyIn(ReadOnlySpan<byte> text) => JstpNameText.ToKey(text.Slice(Start, Length), Form);

    /// <summary>The name that a key or a string is; empty if the slice is neither.</summary>
    public JstpName NameIn(ReadOnlyMemory<byte> text) =>
        Type is MdsfTokenType.String or MdsfTokenType.PropertyName ? new JstpName(text.Slice(Start, Length), Form) : default;
}
