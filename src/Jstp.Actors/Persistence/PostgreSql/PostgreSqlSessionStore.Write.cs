using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

public sealed partial class PostgreSqlSessionStore
{
    private const string FindWrittenBefore = """
        select c.key
        from unnest($1::bigint[], $2::bigint[], $3::boolean[]) as c (key, epoch, is_deletion) left join ${schema}.sessions s on s.key = c.key
        where case when c.is_deletion then s.key is null else s.released_epoch = c.epoch end
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> WriteAsync(IReadOnlyList<SessionChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return Task.FromResult<IReadOnlyList<long>>([]);
        }

        int[] nodes = _nodes;

        foreach (SessionChange change in changes)
        {
            if (change.Creation is { } creation && Array.BinarySearch(nodes, creation.Owner) < 0)
            {
                nodes = AddNode(creation.Owner);
            }
        }

        SessionChange[] ordered = [.. changes.OrderBy(static change => change.Key)];

        return _database.RunAsync<IReadOnlyList<long>>(
            async (connection, stopping) =>
            {
                List<long> refused = await ExecuteAsync(WriteBatch.Build(connection, _database, nodes, ordered), stopping);

                return refused.Count == 0 ? refused : await WithoutWrittenBeforeAsync(connection, refused, ordered, stopping);
            },
            cancellationToken);
    }

    private static async Task<List<long>> ExecuteAsync(NpgsqlBatch changes, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = changes;
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        List<long> refused = [];

        // The fence's result comes first and has no use.
        while (await reader.NextResultAsync(cancellationToken))
        {
            refused = await ReadAllAsync(reader, static row => row.GetInt64(0), cancellationToken);
        }

        return refused;
    }

    // Rare, and so not part of every write.
    private async Task<List<long>> WithoutWrittenBeforeAsync(
        NpgsqlConnection connection, List<long> refused, SessionChange[] changes, CancellationToken cancellationToken)
    {
        var keys = refused.ToHashSet();
        SessionChange[] last = [.. changes.Where(change => keys.Contains(change.Key) && change.Transition is SessionTransition.Released or SessionTransition.Deleted)];

        if (last.Length > 0)
        {
            await using var command = new NpgsqlCommand(_database.Sql(FindWrittenBefore), connection);
            command.Parameters.Add(Parameter.Of(last.Select(static change => change.Key).ToArray()));
            command.Parameters.Add(Parameter.Of(last.Select(static change => change.Epoch).ToArray()));
            command.Parameters.Add(Parameter.Of(last.Select(static change => change.Transition == SessionTransition.Deleted).ToArray()));
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            keys.ExceptWith(await ReadAllAsync(reader, static row => row.GetInt64(0), cancellationToken));
        }

        return [.. keys];
    }
}
