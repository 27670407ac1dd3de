using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>
/// Keeps sessions in PostgreSQL, for any number of nodes (docs/stores.md). A node lives as long as it holds an advisory lock on a connection of its own;
/// nodes talk by LISTEN and NOTIFY. A batch of changes is one round trip and one transaction, which is durable as far as the server's
/// <c>synchronous_commit</c> says.
/// </summary>
public sealed partial class PostgreSqlSessionStore : ISessionStore
{
    private readonly PostgreSqlDatabase _database;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private int[] _nodes = []; // those that write through this store, rising; replaced, never changed

    /// <summary>Makes the store; it connects when it is opened.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="loggerFactory">Gets what operators should know; null for nobody.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public PostgreSqlSessionStore(PostgreSqlStoreOptions options, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _database = new PostgreSqlDatabase(options);
        _logger = (ILogger?)loggerFactory?.CreateLogger<PostgreSqlSessionStore>() ?? NullLogger.Instance;
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => _database.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<INodeMembership> JoinAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        PostgreSqlMembership membership = await PostgreSqlMembership.JoinAsync(_database, name, _logger, cancellationToken);
        AddNode(membership.Number);
        return membership;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> FindLostAsync(IReadOnlyList<SessionClaim> claims, CancellationToken cancellationToken)
    {
        string statement = _database.Sql("""
            select c.key from unnest($1, $2) as c (key, epoch)
            where not exists (select from ${schema}.sessions s where s.key = c.key and s.epoch = c.epoch)
            """);

        return ReadListAsync(
            statement,
            () => [Parameter.Of([.. claims.Select(static claim => claim.Key)]), Parameter.Of([.. claims.Select(static claim => claim.Epoch)])],
            static reader => reader.GetInt64(0),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>Notes that sessions of a node are written through this store, which makes its writes share the node's fence.</summary>
    private int[] AddNode(int number)
    {
        lock (_lock)
        {
            if (Array.BinarySearch(_nodes, number) < 0)
            {
                _nodes = [.. _nodes.Append(number).Order()];
            }

            return _nodes;
        }
    }

    private Task<IReadOnlyList<T>> ReadListAsync<T>(
        string statement, Func<NpgsqlParameter[]> parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        _database.RunAsync<IReadOnlyList<T>>(
            async (connection, stopping) =>
            {
                await using var command = new NpgsqlCommand(statement, connection);
                command.Parameters.AddRange(parameters());
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(stopping);
                return await ReadAllAsync(reader, read, stopping);
            },
            cancellationToken);

    private static async Task<List<T>> ReadAllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();

        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static NpgsqlBatchCommand Command(string statement, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(statement);
        command.Parameters.AddRange(parameters);
        return command;
    }
}
