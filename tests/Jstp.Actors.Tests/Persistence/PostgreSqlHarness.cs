using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.PostgreSql;
using Npgsql;

namespace Jstp.Actors.Tests.Persistence;

/// <summary>A schema of its own in the database of <c>JSTP_POSTGRES</c>.</summary>
public sealed class PostgreSqlHarness : StoreHarness
{
    private readonly List<PostgreSqlSessionStore> _stores = [];

    public static string ConnectionString =>
        Environment.GetEnvironmentVariable("JSTP_POSTGRES")
        ?? throw new InvalidOperationException(
            "These tests need a PostgreSQL server: run ./test.sh unit Actors, or set JSTP_POSTGRES to what `eng/postgres.sh start <directory>` prints.");

    public string Schema { get; } = $"test \"{Guid.NewGuid():N}\"";

    public PostgreSqlStoreOptions Options => new() { ConnectionString = ConnectionString, Schema = Schema };

    public PostgreSqlSessionStore Create(PostgreSqlStoreOptions? options = null)
    {
        var store = new PostgreSqlSessionStore(options ?? Options);
        _stores.Add(store);
        return store;
    }

    public override async Task<ISessionStore> OpenAsync()
    {
        PostgreSqlSessionStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        return store;
    }

    public override async Task PassAsync(TimeSpan time)
    {
        string back = $"- interval '{time.TotalMilliseconds} milliseconds'";
        await ExecuteAsync($"update {{0}}.sessions set idle_since = idle_since {back}; update {{0}}.nodes set found_dead_at = found_dead_at {back}");
    }

    /// <summary>Runs statements, in which {0} stands for the schema.</summary>
    public async Task<object?> ExecuteAsync(string statements)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(string.Format(null, statements, '"' + Schema.Replace("\"", "\"\"") + '"'), connection);
        return await command.ExecuteScalarAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (PostgreSqlSessionStore store in _stores)
        {
            await store.DisposeAsync();
        }

        await ExecuteAsync("drop schema if exists {0} cascade");
    }
}
