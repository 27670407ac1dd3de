using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.Actors.Persistence.PostgreSql;

namespace Jstp.Host;

/// <summary>Makes the session store that <c>Jstp:Store</c> names.</summary>
internal static class SessionStores
{
    /// <summary>The section with the settings of the PostgreSQL store, but for the connection string.</summary>
    public const string PostgreSqlSection = "PostgreSql";

    private const string Prefix = JstpServerOptions.SectionName + ":";
    private const string DefaultStore = "memory";

    private static readonly Dictionary<string, Func<IConfigurationSection, IServiceProvider, ISessionStore>> Stores = new(StringComparer.OrdinalIgnoreCase)
    {
        ["memory"] = static (_, _) => new MemorySessionStore(),
        ["postgres"] = CreatePostgreSql,
    };

    /// <summary>Adds the store to a node's services; the server finds it in its options. It is disposed after the server.</summary>
    /// <exception cref="StartException">The configuration names no store that there is.</exception>
    public static void AddTo(IServiceCollection services, IConfigurationSection section)
    {
        string name = section["Store"] is { Length: > 0 } named ? named : DefaultStore;

        if (!Stores.TryGetValue(name, out Func<IConfigurationSection, IServiceProvider, ISessionStore>? create))
        {
            throw new StartException($"{Prefix}Store: '{name}' is no store; there are {string.Join(", ", Stores.Keys)}.");
        }

        services.AddSingleton(provider => create(section, provider));
        services.AddOptions<JstpServerOptions>().Configure<ISessionStore>(static (options, store) => options.SessionStore = store);
    }

    private static PostgreSqlSessionStore CreatePostgreSql(IConfigurationSection section, IServiceProvider services)
    {
        if (section["ConnectionString"] is not { Length: > 0 } connectionString)
        {
            throw new StartException($"{Prefix}ConnectionString: the store 'postgres' needs one, such as 'Host=localhost;Database=jstp;Username=jstp'.");
        }

        var options = new PostgreSqlStoreOptions { ConnectionString = connectionString };
        section.GetSection(PostgreSqlSection).Bind(options);

        try
        {
            return new PostgreSqlSessionStore(options, services.GetRequiredService<ILoggerFactory>());
        }
        catch (ArgumentException exception)
        {
            // The message begins with the name of the setting.
            bool isConnectionString = exception.Message.StartsWith(nameof(options.ConnectionString), StringComparison.Ordinal);

            throw new StartException(Prefix + (isConnectionString ? "" : PostgreSqlSection + ":") + exception.Message, exception);
        }
    }
}
