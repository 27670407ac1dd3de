namespace Jstp.Host;

/// <summary>
/// Lists of texts in the configuration, which are either lists or, as the environment and the command line have it more comfortably, one text with commas. The text
/// goes first: it replaces the list of a file.
/// </summary>
internal static class TextLists
{
    /// <summary>Reads a list.</summary>
    /// <returns>Null where there is none.</returns>
    public static string[]? Read(IConfigurationSection section, string key) => section[key] is { Length: > 0 } text
        ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : section.GetSection(key).Get<string[]>();
}
