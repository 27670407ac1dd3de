using System.Globalization;
using System.Text.Json.Nodes;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>What becomes of values in JavaScript, as documented in mdsf.md, sections 1 and 5.</summary>
internal static class JavaScriptValues
{
    // 2^63 and 10^-6: outside of these magnitudes, our digits differ from the reference's.
    private const double DottedLimit = 9223372036854775808.0;
    private const double ExponentLimit = 1e-6;

    /// <summary>The value with its members in the order in which JavaScript lists them: integer-like names first, ascending.</summary>
    public static MdsfValue InOrder(MdsfValue value) => Map(value, static scalar => scalar, static elements => elements);

    /// <summary>What the reference parser reads from our text: null for numbers that are not finite, 0 for -0.</summary>
    public static MdsfValue AsRead(MdsfValue value) =>
        Map(value, static scalar => Written(scalar, keepsNonFinite: false), static elements => elements);

    /// <summary>What we read from our text: as <see cref="AsRead"/>, with the members in their order.</summary>
    public static MdsfValue AsKept(MdsfValue value) => value.Kind switch
    {
        MdsfValueKind.Array => MdsfValue.CreateArray([.. value.Elements.Select(AsKept)]),
        MdsfValueKind.Object => MdsfValue.CreateObject(
            value.Members.Select(static member => KeyValuePair.Create(member.Key, AsKept(member.Value)))),
        _ => Written(value, keepsNonFinite: false),
    };

    /// <summary>What is read from the reference's text: it loses -0, and an undefined at the end of an array.</summary>
    public static MdsfValue AsStringified(MdsfValue value) => Map(
        value,
        static scalar => Written(scalar, keepsNonFinite: true),
        static elements => elements is [.. MdsfValue[] rest, { Kind: MdsfValueKind.Undefined }] ? rest : elements);

    /// <summary>Whether our text may differ from the reference's (mdsf.md, section 5.2).</summary>
    public static bool MayDiffer(MdsfValue value) => value.Kind switch
    {
        MdsfValueKind.Number => !double.IsFinite(value.AsNumber())
            || Math.Abs(value.AsNumber()) >= DottedLimit
            || (value.AsNumber() != 0 && Math.Abs(value.AsNumber()) < ExponentLimit),
        MdsfValueKind.String => MayDiffer(value.AsString()),
        MdsfValueKind.Array => value.Elements.Any(static element => element.Kind == MdsfValueKind.Undefined || MayDiffer(element)),
        MdsfValueKind.Object => value.Members.Any(static member => MayDiffer(member.Key) || MayDiffer(member.Value))
            || !value.Members.SequenceEqual(InOrder(value).Members),
        _ => false,
    };

    /// <summary>The value as the vectors' file encodes it.</summary>
    public static JsonNode? Encode(MdsfValue value) => value.Kind switch
    {
        MdsfValueKind.Null => null,
        MdsfValueKind.Undefined => Special("undefined"),
        MdsfValueKind.Boolean => value.AsBoolean(),
        MdsfValueKind.String => EncodeString(value.AsString()),
        MdsfValueKind.Number => EncodeNumber(value.AsNumber()),
        MdsfValueKind.Array => new JsonArray([.. value.Elements.Select(Encode)]),
        _ => new JsonObject
        {
            ["$"] = "object",
            ["entries"] = new JsonArray([.. value.Members.Select(EncodeMember)]),
        },
    };

    private static bool MayDiffer(string text) => text.EndsWith('\\') || text.AsSpan().ContainsAny('\u2028', '\u2029');

    private static MdsfValue Written(MdsfValue scalar, bool keepsNonFinite)
    {
        if (scalar.Kind != MdsfValueKind.Number)
        {
            return scalar;
        }

        double number = scalar.AsNumber();
        return double.IsFinite(number) || keepsNonFinite ? number + 0.0 : MdsfValue.Null;
    }

    private static MdsfValue Map(MdsfValue value, Func<MdsfValue, MdsfValue> scalar, Func<MdsfValue[], MdsfValue[]> elements) =>
        value.Kind switch
        {
            MdsfValueKind.Array => MdsfValue.CreateArray(elements([.. value.Elements.Select(element => Map(element, scalar, elements))])),
            MdsfValueKind.Object => MdsfValue.CreateObject(value.Members
                .OrderBy(static member => IntegerName(member.Key) ?? uint.MaxValue)
                .Select(member => KeyValuePair.Create(member.Key, Map(member.Value, scalar, elements)))),
            _ => scalar(value),
        };

    private static uint? IntegerName(string name) =>
        uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint index)
        && index < uint.MaxValue
        && index.ToString(CultureInfo.InvariantCulture) == name
            ? index
            : null;

    private static JsonNode EncodeNumber(double number) => number switch
    {
        0 when double.IsNegative(number) => Special("-0"),
        _ when double.IsFinite(number) => number,
        _ => Special(number.ToString("R", CultureInfo.InvariantCulture)),
    };

    private static JsonObject EncodeString(string text) => new JsonObject
    {
        ["$"] = "utf16",
        ["hex"] = string.Concat(text.Select(static unit => ((int)unit).ToString("x4", CultureInfo.InvariantCulture))),
    };

    

    private static JsonArray EncodeMember(KeyValuePair<string, MdsfValue> member) => new(EncodeString(member.Key), Encode(member.Value));

    private static JsonObject Special(string name) => new() { ["$"] = name };
}
