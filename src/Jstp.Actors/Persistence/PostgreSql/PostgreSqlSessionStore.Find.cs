using System.Globalization;
using System.Text;
using Jstp.Actors.Persistence.Columns;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

public sealed partial class PostgreSqlSessionStore
{
    private const string Find = """
        with living as materialized (
            select n.number from ${schema}.nodes n where not n.is_gone and not pg_try_advisory_xact_lock_shared($1, n.number)
        )
        select s.id, s.application, s.user_name, l.number, s.is_connected and l.number is not null
        from ${schema}.sessions s left join living l on l.number = s.owner
        where true
        """;

    // The locks of the dead are shared until the transaction ends, so that none of them returns in between.
    private const string FindDead = """
        update ${schema}.nodes set found_dead_at = clock_timestamp()
        where found_dead_at is null and (is_gone or pg_try_advisory_xact_lock_shared($1, number))
        """;

    private const string FindLongDead = """
        select number from ${schema}.nodes
        where found_dead_at <= clock_timestamp() - $2 and (is_gone or pg_try_advisory_xact_lock_shared($1, number))
        order by number
        """;

    // A node that was found dead some time ago has not written since, so its sessions have been idle for as long at least.
    private const string LockExpired = """
        select s.key from ${schema}.sessions s
        where s.idle_since <= clock_timestamp() - $1 and (s.owner is null or s.owner = any ($2))
        order by s.idle_since
        limit $3
        for update skip locked
        """;

    // A statement of its own, which sees what was posted before the rows were locked.
    private const string Delete = """
        with messages as (
            delete from ${schema}.messages m where m.session_key = any ($1)
        ), posts as (
            delete from ${schema}.posts p where p.session_key = any ($1)
        ), ends as (
            delete from ${schema}.epoch_ends e where e.session_key = any ($1)
        )
        delete from ${schema}.sessions s where s.key = any ($1)
        """;

    private const string ForgetNodes = """
        delete from ${schema}.nodes n where n.number = any ($1) and not exists (select from ${schema}.sessions s where s.owner = n.number)
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionPresence>> FindAsync(SessionFilter filter, int limit, CancellationToken cancellationToken)
    {
        // What is not asked for is not in the statement, so that each kind of question has a plan of its own.
        var statement = new StringBuilder(_database.Sql(Find));
        List<Func<NpgsqlParameter>> parameters = [() => Parameter.Of(_database.LifeLocks)];
        AddText(filter.Application, "s.application = {0}");
        AddText(filter.UserName, "left(s.user_name, 64) = left({0}, 64) and s.user_name = {0}");
        AddText(filter.SessionId, "s.id = {0}");

        if (filter.IsConnected is { } isConnected)
        {
            statement.Append(isConnected ? " and s.is_connected and l.number is not null" : " and not (s.is_connected and l.number is not null)");
        }

        parameters.Add(() => Parameter.Of(limit));
        statement.Append(CultureInfo.InvariantCulture, $" limit ${parameters.Count}");

        return ReadListAsync(
            statement.ToString(),
            () => [.. parameters.Select(static parameter => parameter())],
            static row => new SessionPresence(
                TextColumn.Unescape(row.GetString(0)),
                TextColumn.Unescape(row.GetString(1)),
                row.IsDBNull(2) ? null : TextColumn.Unescape(row.GetString(2)),
                row.IsDBNull(3) ? null : row.GetInt32(3),
                row.GetBoolean(4)),
            cancellationToken);

        void AddText(string? value, string condition)
        {
            if (value is not null)
            {
                parameters.Add(() => Parameter.Of(TextColumn.Escape(value)));
                statement.Append(" and ").Append(condition.Replace("{0}", string.Create(CultureInfo.InvariantCulture, $"${parameters.Count}"), StringComparison.Ordinal));
            }
        }
    }

    /// <inheritdoc/>
    public Task<int> ExpireAsync(TimeSpan lifetime, int limit, CancellationToken cancellationToken) =>
        _database.RunAsync(
            async (connection, stopping) =>
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(stopping);
                int[] dead = await FindLongDeadAsync(connection, lifetime, stopping);
                long[] keys = await LockExpiredAsync(connection, lifetime, dead, limit, stopping);

                await using (var batch = new NpgsqlBatch(connection, transaction))
                {
                    batch.BatchCommands.Add(Command(_database.Sql(Delete), Parameter.Of(keys)));
                    batch.BatchCommands.Add(Command(_database.Sql(ForgetNodes), Parameter.Of(dead)));
                    await batch.ExecuteNonQueryAsync(stopping);
                }

                await transaction.CommitAsync(stopping);
                return keys.Length;
            },
            cancellationToken);

    // A node that was found dead some time ago has not written since, so its sessions have been idle for as long at least.
    private async Task<long[]> LockExpiredAsync(NpgsqlConnection connection, TimeSpan lifetime, int[] dead, int limit, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);

        // A node that is dead for others may still be writing.
        batch.BatchCommands.Add(Command(RaiseFences, Parameter.Of(_database.FenceLocks), Parameter.Of(dead)));
        batch.BatchCommands.Add(Command(_database.Sql(LockExpired), Parameter.Of(lifetime), Parameter.Of(dead), Parameter.Of(limit)));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return [.. await ReadAllAsync(reader, static row => row.GetInt64(0), cancellationToken)];
    }

    private async Task<int[]> FindLongDeadAsync(NpgsqlConnection connection, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(_database.Sql(FindDead), Parameter.Of(_database.LifeLocks)));
        batch.BatchCommands.Add(Command(_database.Sql(FindLongDead), Parameter.Of(_database.LifeLocks), Parameter.Of(lifetime)));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        return [.. await ReadAllAsync(reader, static row => row.GetInt32(0), cancellationToken)];
    }
}
