using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>What the raw text of a name means. Everything here takes time and memory in proportion to that text, at most.</summary>
internal static class JstpNameText
{
    // No UTF-8 holds this byte.
    private const byte NoUtf8 = 0xFF;

    /// <summary>The name as a string; unpaired surrogates are kept.</summary>
    public static string Decode(ReadOnlySpan<byte> raw, JstpNameForm form)
    {
        switch (form)
        {
            case JstpNameForm.Plain:
                return Encoding.UTF8.GetString(raw);

            case JstpNameForm.Number:
                var reader = new MdsfReader(raw);
                reader.Read();
                Span<char> digits = stackalloc char[NumberText.MaxJavaScriptLength];
                return new string(digits[..NumberText.FormatJavaScript(reader.GetDouble(), digits)]);

            default:
                char[] decoded = new char[raw.Length];
                return new string(decoded, 0, MdsfEscapes.Decode(raw, decoded));
        }
    }

    /// <summary>
    /// Bytes that are equal for equal names, however they are written: the name in UTF-8. A name with an unpaired surrogate, which UTF-8
    /// cannot hold, gets bytes that are no UTF-8. Allocates nothing for plain names.
    /// </summary>
    public static ReadOnlySpan<byte> ToKey(ReadOnlySpan<byte> raw, JstpNameForm form) =>
        form == JstpNameForm.Plain ? raw : ToKeySlow(Decode(raw, form));

    private static byte[] ToKeySlow(string name)
    {
        byte[] key = new byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        OperationStatus status = Utf8.FromUtf16(name, key, out _, out int length, replaceInvalidSequences: false);
        return status == OperationStatus.Done ? key[..length] : [NoUtf8, .. MemoryMarshal.AsBytes(name.AsSpan())];
    }
}
