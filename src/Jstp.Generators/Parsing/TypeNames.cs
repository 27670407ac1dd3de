namespace Jstp.Generators.Parsing;

/// <summary>The types that have converters of their own, by their full names.</summary>
internal static class TypeNames
{
    public const string MdsfValue = "Jstp.Transport.Mdsf.MdsfValue";
    public const string CancellationToken = "System.Threading.CancellationToken";
    public const string JsonNamespace = "System.Text.Json.Serialization";

    private static readonly Dictionary<string, string> Simple = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "Boolean",
        ["System.SByte"] = "SByte",
        ["System.Byte"] = "Byte",
        ["System.Int16"] = "Int16",
        ["System.UInt16"] = "UInt16",
        ["System.Int32"] = "Int32",
        ["System.UInt32"] = "UInt32",
        ["System.Int64"] = "Int64",
        ["System.UInt64"] = "UInt64",
        ["System.Int128"] = "Int128",
        ["System.UInt128"] = "UInt128",
        ["System.Double"] = "Double",
        ["System.Single"] = "Single",
        ["System.Decimal"] = "Decimal",
        ["System.Char"] = "Char",
        ["System.String"] = "String",
        ["System.Guid"] = "Guid",
        ["System.Uri"] = "Uri",
        ["System.DateTime"] = "DateTime",
        ["System.DateTimeOffset"] = "DateTimeOffset",
    };

    private static readonly HashSet<string> Lists = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.List`1",
        "System.Collections.Generic.IList`1",
        "System.Collections.Generic.IReadOnlyList`1",
        "System.Collections.Generic.ICollection`1",
        "System.Collections.Generic.IReadOnlyCollection`1",
        "System.Collections.Generic.IEnumerable`1",
    };

    private static readonly HashSet<string> Dictionaries = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.Dictionary`2",
        "System.Collections.Generic.IDictionary`2",
        "System.Collections.Generic.IReadOnlyDictionary`2",
    };

    /// <summary>Finds the converter of a type without parts.</summary>
    public static bool TryGetSimple(string type, out string converter) => Simple.TryGetValue(type, out converter);

    public static bool IsList(string type) => Lists.Contains(type);

    public static bool IsDictionary(string type) => Dictionaries.Contains(type);
}
