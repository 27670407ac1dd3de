using System.Reflection;
using System.Text.Json;

namespace Jstp.Actors.Applications;

/// <summary>Derives the names that clients see from the names in the code (camelCase, as JavaScript has it).</summary>
internal static class JstpNaming
{
    /// <summary>Names are looked up only up to this length, in UTF-16 code units (protocol page, section 15).</summary>
    public const int MaxLength = 256;

    public static string InterfaceName(Type type) =>
        type.GetCustomAttribute<JstpInterfaceAttribute>()?.Name ?? CamelCase(WithoutSuffix(type.Name, "Interface"));

    public static string MethodName(MethodInfo method) =>
        method.GetCustomAttribute<JstpMethodAttribute>()?.Name ?? CamelCase(WithoutSuffix(method.Name, "Async"));

    public static string EventName(MethodInfo method, JstpEventAttribute attribute)
    {
        if (attribute.Name is { } name)
        {
            return name;
        }

        string bare = WithoutSuffix(method.Name, "Async");

        return CamelCase(bare.Length > 2 && bare.StartsWith("On", StringComparison.Ordinal) ? bare[2..] : bare);
    }

    /// <summary>Throws when a declared name could never be looked up.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than <see cref="MaxLength"/>, or <c>__proto__</c>.</exception>
    public static void ThrowIfUnusable(string name, string what)
    {
        // A member called __proto__ never survives a parser (MDSF page, section 1), so nobody could call it.
        if (name.Length is 0 or > MaxLength || name == "__proto__")
        {
            throw new ArgumentException($"'{name}' cannot be the name of {what}: 1 to {MaxLength} UTF-16 code units, and not __proto__.");
        }
    }

    private static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string WithoutSuffix(string name, string suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
