using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

public sealed partial class PostgreSqlSessionStore
{
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
                await using NpgsqlBatch batch = WriteBatch.Build(connection, _database, nodes, ordered);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(stopping);
                List<long> refused = [];

                // The fence's result comes first and has no use.
                while (await reader.NextResultAsync(stopping))
                {
                    refused = await ReadAllAsync(reader, static row => row.GetInt64(0), stopping);
                }

                return refused;
            },
            cancellationToken);
    }
}
