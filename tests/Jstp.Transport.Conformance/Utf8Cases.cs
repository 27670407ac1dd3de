using System.Text;
using Jstp.Transport.Tests.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Conformance;

/// <summary>RFC 6455, 8.1 and RFC 3629: text is UTF-8, whichever way it is cut, and is refused early.</summary>
internal static class Utf8Cases
{
    private static readonly string[] Valid =
    [
        "48656c6c6f2dc2b540c39fc3b6c3a4c3bcc3a0c3a12d5554462d382121", "ceba", "cebae1bdb9cf83cebcceb5", "00", "7f", "c280", "dfbf", "e0a080", "efbfbf", "efbfbd",
        "ed9fbf", "ee8080", "f0908080", "f48fbfbf", "f09f9880", "efbfbe", "f09fbfbe", "f3bfbfbf", "e28280", "c3a9c3a9c3a9",
    ];

    private static readonly string[] Invalid =
    [
        "80", "bf", "8080", "80bf80bf", "c0", "c1", "f5", "f8", "fc", "fe", "ff", "fefeffff", "c020", "e020", "f020", "c3", "e080", "e0", "f08080", "f0", "dfc0",
        "efbf", "f7bfbf", "c080", "c0af", "c1bf", "e08080", "e080af", "e09fbf", "f0808080", "f08080af", "f08fbfbf", "f888808080", "fc8480808080",
        "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf", "eda080edb080", "edafbfedbfbf", "f4908080", "f7bfbfbf", "f888808080af",
        "cebae1bdb9cf83cebcceb5eda080656469746564", "cebae1bdb9cf83cebcceb5f4908080656469746564", "48656c6c6fff", "e282", "f09f98",
    ];

    public static IEnumerable<ConformanceCase> All()
    {
        foreach (string digits in Valid)
        {
            byte[] text = Frames.Hex(digits);
            string answer = "Text:" + Encoding.Latin1.GetString(text);
            yield return new($"6.1.{digits}", "valid", Frames.Masked(Opcode.Text, text), [answer], null);
            yield return new($"6.2.{digits}", "valid, a byte a frame", ByteAFrame(text), [answer], null);
        }

        foreach (string digits in Invalid)
        {
            byte[] text = Frames.Hex(digits);
            yield return new($"6.3.{digits}", "invalid", Frames.Masked(Opcode.Text, text), [], 1007);
            yield return new($"6.4.{digits}", "invalid, a byte a frame", ByteAFrame(text), [], 1007);
            yield return new($"6.5.{digits}", "not text, so any bytes will do", Frames.Masked(Opcode.Binary, text), ["Binary:" + Encoding.Latin1.GetString(text)], null);
        }

        // Fail-fast: what was received can never become text, though the frame and the message go on.
        yield return new("6.6.1", "bad byte, message goes on", Frames.Masked(Opcode.Text, [0x61, 0xFF], fin: false), [], 1007);
        yield return new("6.6.2", "bad byte, frame goes on", Frames.Masked(Opcode.Text, [0x61, 0xFF, .. new byte[100]])[..8], [], 1007);
        yield return new("6.6.3", "start of a surrogate, frame goes on", Frames.Masked(Opcode.Text, [0xED, 0xA0, .. new byte[100]])[..8], [], 1007);
        yield return new("6.6.4", "past U+10FFFF, frame goes on", Frames.Masked(Opcode.Text, [0xF4, 0x90, .. new byte[100]])[..8], [], 1007);
    }

    private static byte[] ByteAFrame(byte[] text)
        => Frames.Join([.. text.Select((value, i) => Frames.Masked(i == 0 ? Opcode.Text : Opcode.Continuation, [value], fin: i == text.Length - 1))]);
}
