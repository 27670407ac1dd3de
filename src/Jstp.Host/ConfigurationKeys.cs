using System.Reflection;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence.PostgreSql;

namespace Jstp.Host;

/// <summary>Finds settings that nobody reads: a misspelled key has no effect, which its author should know.</summary>
internal static class ConfigurationKeys
{
    /// <summary>Keys of the Host itself, beside the settings of the server.</summary>
    private static readonly string[] HostKeys = ["Apps", "InlineCompletions", "Store", "ConnectionString", SessionStores.PostgreSqlSection];

    /// <summary>The keys below a section that are no settings, with the section's name.</summary>
    public static IReadOnlyList<string> FindUnknown(IConfigurationSection section) =>
    [
        .. FindUnknown(section, [.. HostKeys, .. NamesOf(typeof(JstpServerOptions))]),
        .. FindUnknown(section.GetSection(SessionStores.PostgreSqlSection), NamesOf(typeof(PostgreSqlStoreOptions))),
    ];

    private static IEnumerable<string> FindUnknown(IConfigurationSection section, IEnumerable<string> names)
    {
        var known = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);

        return section.GetChildren().Where(child => !known.Contains(child.Key)).Select(child => child.Path);
    }

    private static IEnumerable<string> NamesOf(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name);
}
