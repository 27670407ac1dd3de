using System.Collections.Frozen;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts enum values by name; flags are joined by commas.</summary>
internal sealed class EnumConverter<T> : TextConverter<T>
    where T : struct, Enum
{
    private readonly FrozenDictionary<T, string> _names;
    private readonly FrozenDictionary<string, T> _values;

    /// <param name="names">What the values are called; of several names for one value the first is written.</param>
    public EnumConverter(ReadOnlySpan<(string Name, T Value)> names)
        : base("one of " + string.Join(", ", names.ToArray().DistinctBy(static named => named.Value).Select(static named => named.Name)))
    {
        var known = new Dictionary<T, string>();
        var values = new Dictionary<string, T>(StringComparer.Ordinal);

        foreach ((string name, T value) in names)
        {
            known.TryAdd(value, name);
            values.Add(name, value);
        }

        _names = known.ToFrozenDictionary();
        _values = values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public override bool TryParse(string text, out T value) =>
        _values.TryGetValue(text, out value)
        || (!text.AsSpan().ContainsAnyInRange('0', '9') && Enum.TryParse(text, ignoreCase: true, out value));

    public override string Format(T value)
    {
        if (_names.TryGetValue(value, out string? name))
        {
            return name;
        }

        string text = value.ToString();
        return char.IsAsciiLetter(text[0]) || text[0] == '_'
            ? text
            : throw new MdsfConversionException($"{text} cannot be written: {typeof(T).Name} has no name for it.");
    }
}
