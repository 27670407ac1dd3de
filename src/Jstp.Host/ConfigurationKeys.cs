using System.Reflection;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence.PostgreSql;
using Jstp.Host.Endpoints;
using Jstp.Transport.Listening;
using Jstp.Transport.WebSockets;

namespace Jstp.Host;

/// <summary>Finds settings that nobody reads: a misspelled key has no effect, which its author should know.</summary>
internal static class ConfigurationKeys
{
    /// <summary>Keys of the Host itself, beside the settings of the server.</summary>
    private static readonly string[] HostKeys = ["Apps", "InlineCompletions", "Store", "ConnectionString", SessionStores.PostgreSqlSection, EndpointReader.SectionName];

    /// <summary>The keys below a section that are no settings, with the section's name.</summary>
    public static IReadOnlyList<string> FindUnknown(IConfigurationSection section) =>
    [
        .. FindUnknown(section, [.. HostKeys, .. NamesOf<JstpServerOptions>()]),
        .. FindUnknown(section.GetSection(SessionStores.PostgreSqlSection), NamesOf<PostgreSqlStoreOptions>()),
        .. FindUnknown(section.GetSection(nameof(JstpServerOptions.WebSocket)), NamesOf<WebSocketServerOptions>()),
        .. FindUnknown(section.GetSection($"{nameof(JstpServerOptions.WebSocket)}:{nameof(WebSocketServerOptions.Compression)}"), NamesOf<WebSocketCompressionOptions>()),
        .. FindUnknown(section.GetSection(nameof(JstpServerOptions.Tls)), NamesOf<TlsCertificateOptions>()),
        .. section.GetSection(EndpointReader.SectionName).GetChildren().SelectMany(static endpoint => FindUnknown(endpoint, EndpointReader.Keys)
            .Concat(FindUnknown(endpoint.GetSection(EndpointReader.CertificateKey), NamesOf<TlsCertificateOptions>()))),
    ];

    private static IEnumerable<string> FindUnknown(IConfigurationSection section, IEnumerable<string> known) =>
        section.GetChildren().Select(static child => child.Key).Except(known, StringComparer.OrdinalIgnoreCase).Select(key => $"{section.Path}:{key}");

    private static IEnumerable<string> NamesOf<TOptions>() =>
        typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static property => property.Name);
}
