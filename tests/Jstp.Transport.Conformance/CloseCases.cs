using Jstp.Transport.Tests.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Conformance;

/// <summary>RFC 6455, 5.5.1 and 7: the closing handshake and its codes.</summary>
internal static class CloseCases
{
    private static readonly int[] Legal = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
    private static readonly int[] Illegal = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

    public static IEnumerable<ConformanceCase> All()
    {
        yield return new("7.1.1", "message, Close", Frames.Join(Frames.Masked(Opcode.Text, "x"), Frames.MaskedClose(1000)), ["Text:x"], 1000);
        yield return new("7.1.2", "two Closes", Frames.Join(Frames.MaskedClose(1000), Frames.MaskedClose(1001)), [], 1000);
        yield return new("7.1.3", "ping behind a Close", Frames.Join(Frames.MaskedClose(1000), Frames.Masked(Opcode.Ping, "x")), [], 1000);
        yield return new("7.1.4", "message behind a Close", Frames.Join(Frames.MaskedClose(1000), Frames.Masked(Opcode.Text, "x")), [], 1000);
        yield return new("7.2.1", "empty Close", Frames.Masked(Opcode.Close, ""), [], 1005);
        yield return new("7.2.2", "Close of one byte", Frames.Masked(Opcode.Close, "x"), [], 1002);
        yield return new("7.2.3", "Close with a reason", Frames.MaskedClose(1000, "Hello World!"), [], 1000);
        yield return new("7.2.4", "Close with the longest reason", Frames.MaskedClose(1000, new string('*', 123)), [], 1000);
        yield return new("7.2.5", "Close with a reason too long", Frames.MaskedClose(1000, new string('*', 124)), [], 1002);
        yield return new("7.2.6", "Close with a reason that is not UTF-8", Frames.Masked(Opcode.Close, [0x03, 0xE8, 0xCE, 0xBA, 0xED, 0xA0, 0x80]), [], 1007);
        yield return new("7.2.7", "Close with a reason that is cut", Frames.Masked(Opcode.Close, [0x03, 0xE8, 0xE2, 0x82]), [], 1007);

        foreach (int code in Legal)
        {
            yield return new($"7.3.{code}", $"Close with {code}", Frames.MaskedClose(code), [], code);
        }

        foreach (int code in Illegal)
        {
            yield return new($"7.4.{code}", $"Close with {code}, which is not to be sent", Frames.MaskedClose(code), [], 1002);
        }
    }
}
