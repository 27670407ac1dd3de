using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.Actors.Persistence.PostgreSql;

namespace Jstp.Host;

/// <summary>Makes the session store that <c>Jstp:Store</c> names.</summary>
internal static class SessionStores
{
    private const string StoreKey = JstpServerOptions.SectionName + ":Store";

    private static readonly Dictionary<string, Func<string?, ISessionStore>> Stores = new(StringComparer.OrdinalIgnoreCase)
    {
        ["memory"] = static _ => new MemorySessionStore(),
        ["postgres"] = static text => new PostgreSqlSessionStore(new PostgreSqlStoreOptions
        {
            ConnectionString = text ?? throw new StartException($"{JstpServerOptions.SectionName}:ConnectionString: PostgreSQL needs one."),
        }),
    };

    /// <summary>Adds the store to a node's services; the server finds it in its options. It is disposed after the server.</summary>
    /// <exception cref="StartException">The configuration names no store that there is.</exception>
    public static void AddTo(IServiceCollection services, IConfigurationSection section)
    {
        string name = section["Store"] is { Length: > 0 } named ? named : "memory";

        if (!Stores.TryGetValue(name, out Func<string?, ISessionStore>? create))
        {
            throw new StartException($"{StoreKey}: '{name}' is no store; there are {string.Join(", ", Stores.Keys)}.");
        }

        services.AddSingleton(_ => create(section["ConnectionString"]));
        services.AddOptions<JstpServerOptions>().Configure<ISessionStore>(static (options, store) => options.SessionStore = store);
    }
}
