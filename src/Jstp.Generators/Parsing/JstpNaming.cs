namespace Jstp.Generators.Parsing;

/// <summary>Derives the names on the server from those in the code, by the rules of our server.</summary>
internal static class JstpNaming
{
    private const int MaxLength = 256;

    public static string InterfaceName(string name)
    {
        string bare = name.Length > 1 && name[0] == 'I' && char.IsUpper(name[1]) ? name.Substring(1) : name;

        return CamelCase(WithoutSuffix(bare, "Interface"));
    }

    public static string MethodName(string name) => CamelCase(WithoutSuffix(name, "Async"));

    public static string EventName(string name) => CamelCase(name);

    /// <summary>Whether a name can be looked up at all (protocol page, section 15; MDSF page, section 1).</summary>
    public static bool IsUsable(string name) => name.Length is > 0 and <= MaxLength && name != "__proto__";

    /// <summary>As <c>JsonNamingPolicy.CamelCase</c> does it: a run of capitals is lowered up to the one that begins the next word.</summary>
    public static string CamelCase(string name)
    {
        char[] letters = name.ToCharArray();

        for (int i = 0; i < letters.Length; i++)
        {
            bool endsRun = i > 0 && (!char.IsUpper(letters[i]) || (i + 1 < letters.Length && !char.IsUpper(letters[i + 1])));

            if (endsRun || !char.IsUpper(letters[i]))
            {
                break;
            }

            letters[i] = char.ToLowerInvariant(letters[i]);
        }

        return new string(letters);
    }

    private static string WithoutSuffix(string name, string suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - suffix.Length) : name;
}
