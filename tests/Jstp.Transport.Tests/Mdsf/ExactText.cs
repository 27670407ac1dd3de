using System.Globalization;
using System.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>
/// A text for a value that differs whenever anything about the value does: -0 from 0, undefined from null, every code unit.
/// <c>Node/mdsf-peer.js</c> writes the same.
/// </summary>
internal static class ExactText
{
    public static string Of(MdsfValue value) => value.Kind switch
    {
        MdsfValueKind.Number => Bits(value.AsNumber()),
        MdsfValueKind.String => Quote(value.AsString()),
        MdsfValueKind.Array => $"[{string.Join(",", value.Elements.Select(Of))}]",
        MdsfValueKind.Object => $"{{{string.Join(",", value.Members.Select(static member => $"{Quote(member.Key)}:{Of(member.Value)}"))}}}",
        MdsfValueKind.Boolean => value.AsBoolean() ? "true" : "false",
        _ => value.Kind.ToString(),
    };

    private static string Bits(double number) =>
        double.IsNaN(number) ? "NaN" : BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture);

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");

        foreach (char unit in text)
        {
            quoted.Append(unit is >= ' ' and < (char)0x7F and not ('"' or '\\') ? unit.ToString() : $"\\u{(int)unit:x4}");
        }

        return quoted.Append('"').ToString();
    }
}
