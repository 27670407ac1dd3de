using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>
/// Brings the schema to a version: each version is a file that is run once, all that are missing in one transaction, by one node at a time. A database
/// of a later version than this program's is refused. The statements run as they stand, without parameters.
/// </summary>
internal sealed class PostgreSqlMigrations(PostgreSqlDatabase database, NpgsqlConnection connection)
{
    /// <summary>The version that this program works with.</summary>
    public const int Latest = 6;

    // Any number that nobody else takes: of the locks with one key of 64 bits, which are apart from those with two of 32.
    private const long Lock = 0x4A_53_54_50_00_00_00_01;

    public async Task RunAsync(int version, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({Lock})"), cancellationToken);

        // An account without the right to make schemas may use one that was made for it.
        if (await ScalarAsync<string>("select to_regnamespace($1)::text", cancellationToken, database.Sql("${schema}")) is null)
        {
            await ExecuteAsync(database.Sql("create schema ${schema}"), cancellationToken);
        }

        if (await ScalarAsync<string>("select to_regclass($1)::text", cancellationToken, database.Sql("${schema}.migrations")) is null)
        {
            await ExecuteAsync(
                database.Sql("create table ${schema}.migrations (version integer primary key, applied_at timestamptz not null default clock_timestamp())"),
                cancellationToken);
        }

        int current = await ScalarAsync<int?>(database.Sql("select max(version) from ${schema}.migrations"), cancellationToken) ?? 0;

        if (current > Latest)
        {
            throw new SessionStoreException(
                $"The schema '{database.SchemaName}' has version {current} and this program knows versions up to {Latest}: it was migrated by a later release.");
        }

        for (int next = current + 1; next <= version; next++)
        {
            await ExecuteAsync(database.Sql(ReadScript(next)), cancellationToken);
            await ExecuteAsync(
                database.Sql(string.Create(CultureInfo.InvariantCulture, $"insert into ${{schema}}.migrations (version) values ({next})")), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static string ReadScript(int version)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"postgresql-{version:D4}.sql");
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<T?> ScalarAsync<T>(string statement, CancellationToken cancellationToken, params string[] parameters)
    {
        await using var command = new NpgsqlCommand(statement, connection);

        foreach (string parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }
}
