using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts enum values by name; <see cref="JsonStringEnumMemberNameAttribute"/> renames, flags are joined by commas.</summary>
internal sealed class EnumConverter<T>() : TextConverter<T>($"one of {string.Join(", ", Names.Values)}")
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Names = CollectNames();
    private static readonly FrozenDictionary<string, T> Values = CollectValues();

    public override bool TryParse(string text, out T value) =>
        Values.TryGetValue(text, out value)
        || (!text.AsSpan().ContainsAnyInRange('0', '9') && Enum.TryParse(text, ignoreCase: true, out value));

    public override string Format(T value)
    {
        if (Names.TryGetValue(value, out string? name))
        {
            return name;
        }

        string text = value.ToString();
        return char.IsAsciiLetter(text[0]) || text[0] == '_'
            ? text
            : throw new MdsfConversionException($"{text} cannot be written: {typeof(T).Name} has no name for it.");
    }

    private static FrozenDictionary<T, string> CollectNames()
    {
        var names = new Dictionary<T, string>();

        foreach ((string name, T value) in NamedValues())
        {
            names.TryAdd(value, name);
        }

        return names.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, T> CollectValues() =>
        NamedValues().ToFrozenDictionary(static pair => pair.Name, static pair => pair.Value, StringComparer.Ordinal);

    private static IEnumerable<(string Name, T Value)> NamedValues() =>
        from field in typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
        let attribute = field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()
        select (attribute?.Name ?? field.Name, (T)field.GetValue(null)!);
}
