using System.Reflection;
using Jstp.Actors.Hosting;

namespace Jstp.Host;

/// <summary>Finds settings that nobody reads: a misspelled key has no effect, which its author should know.</summary>
internal static class ConfigurationKeys
{
    /// <summary>Keys of the Host itself, beside the settings of the server.</summary>
    private static readonly string[] HostKeys = ["Apps", "InlineCompletions", "Store", "ConnectionString"];

    /// <summary>The keys below a section that are no settings, with the section's name.</summary>
    public static IReadOnlyList<string> FindUnknown(IConfigurationSection section)
    {
        var known = new HashSet<string>(HostKeys, StringComparer.OrdinalIgnoreCase);
        known.UnionWith(typeof(JstpServerOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name));

        return [.. section.GetChildren().Where(child => !known.Contains(child.Key)).Select(child => child.Path)];
    }
}
