using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>
/// A node of the cluster: a connection of its own that holds the advisory lock of the node's number and hears the bus. PostgreSQL frees the lock when
/// the connection ends, by whatever cause. The connection is made again as long as the node has not left; the number stays.
/// </summary>
internal sealed class PostgreSqlMembership : INodeMembership
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private const string Insert = "insert into ${schema}.nodes (name) values ($1) returning number";

    private const string Hold = "select pg_advisory_lock($1, $2)";

    private const string Supersede = "update ${schema}.nodes set is_gone = true where name = $1 and number < $2 and not is_gone returning number";

    // A process that died without a word, or the connection that was lost, may hold its lock until PostgreSQL notices.
    private const string Terminate = """
        select pg_terminate_backend(l.pid) from pg_locks l
        where l.locktype = 'advisory' and l.mode = 'ExclusiveLock' and l.granted and l.pid <> pg_backend_pid()
            and l.database = (select d.oid from pg_database d where d.datname = current_database())
            and l.classid::bigint = $1::bigint & 4294967295 and l.objid::bigint = any ($2::bigint[]) and l.objsubid = 2
        """;

    // Its row may be gone, if it was dead for long and owned nothing.
    private const string Return = """
        insert into ${schema}.nodes as n (number, name, state) values ($1, $2, $3)
        on conflict (number) do update set found_dead_at = null where not n.is_gone
        returning number
        """;

    private const string Leave = "update ${schema}.nodes set is_gone = true where number = $1";

    private const string SetState = "update ${schema}.nodes set state = $2 where number = $1";

    private const string List = """
        select number, name, state, joined_at from ${schema}.nodes
        where not is_gone and not pg_try_advisory_xact_lock_shared($1, number)
        order by number
        """;

    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlBus _bus;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;
    private NpgsqlConnection _connection;
    private NodeState _state;
    private volatile bool _isCutOff;
    private bool _isDisposed;

    private PostgreSqlMembership(PostgreSqlDatabase database, NpgsqlConnection connection, PostgreSqlBus bus, int number, string name, ILogger logger)
    {
        _database = database;
        _connection = connection;
        _bus = bus;
        _logger = logger;
        Number = number;
        Name = name;
        _work = StayAsync();
    }

    public event Action<bool>? CutOffChanged;

    public int Number { get; }

    public string Name { get; }

    public bool IsCutOff => _isCutOff;

    public IClusterBus Bus => _bus;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The membership disposes them.")]
    public static async Task<PostgreSqlMembership> JoinAsync(PostgreSqlDatabase database, string name, ILogger logger, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = database.CreateLifeConnection();

        try
        {
            await connection.OpenAsync(cancellationToken);

            // The row is seen when the lock is held: nobody takes the newcomer for dead.
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            int number = (int)(await ScalarAsync(connection, database.Sql(Insert), cancellationToken, Parameter.Of(name)))!;
            await ScalarAsync(connection, Hold, cancellationToken, Parameter.Of(database.LifeLocks), Parameter.Of(number));
            await transaction.CommitAsync(cancellationToken);

            await SupersedeAsync(connection, database, name, number, cancellationToken);
            var bus = new PostgreSqlBus(database, number, logger);
            connection.Notification += (_, notification) => bus.Hear(notification.Payload);
            await ScalarAsync(connection, bus.Listen, cancellationToken);
            return new PostgreSqlMembership(database, connection, bus, number, name, logger);
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();

            if (PostgreSqlDatabase.IsFailure(exception))
            {
                throw new SessionStoreException($"PostgreSQL failed: {exception.Message}", exception);
            }

            throw;
        }
    }

    public Task SetStateAsync(NodeState state, CancellationToken cancellationToken)
    {
        _state = state;
        return _database.RunAsync(
            (connection, stopping) => ScalarAsync(connection, _database.Sql(SetState), stopping, Parameter.Of(Number), Parameter.Of((int)state)), cancellationToken);
    }

    public Task<IReadOnlyList<NodeInfo>> GetNodesAsync(CancellationToken cancellationToken) =>
        _database.RunAsync<IReadOnlyList<NodeInfo>>(
            async (connection, stopping) =>
            {
                var nodes = new List<NodeInfo>();
                await using var command = new NpgsqlCommand(_database.Sql(List), connection);
                command.Parameters.Add(Parameter.Of(_database.LifeLocks));
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(stopping);

                while (await reader.ReadAsync(stopping))
                {
                    nodes.Add(new NodeInfo(reader.GetInt32(0), reader.GetString(1), (NodeState)reader.GetInt16(2), reader.GetFieldValue<DateTimeOffset>(3)));
                }

                return nodes;
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stopping.CancelAsync();
        await _work;
        await _bus.DisposeAsync();

        try
        {
            // Merely politeness: the lock goes with the connection.
            if (!_isCutOff)
            {
                await ScalarAsync(_connection, _database.Sql(Leave), CancellationToken.None, Parameter.Of(Number));
            }
        }
        catch (Exception exception) when (PostgreSqlDatabase.IsFailure(exception) || exception is InvalidOperationException)
        {
            PostgreSqlLog.CutOff(_logger, Name, exception.Message);
        }

        await _connection.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task StayAsync()
    {
        await Task.Yield(); // the constructor has its caller's thread
        int failures = 0;

        try
        {
            while (true)
            {
                try
                {
                    if (_isCutOff)
                    {
                        if (!await TryReturnAsync())
                        {
                            PostgreSqlLog.Superseded(_logger, Name);
                            return;
                        }

                        PostgreSqlLog.Returned(_logger, Name, failures);
                        failures = 0;
                        SetCutOff(false);
                        _bus.Miss();
                    }

                    while (true)
                    {
                        await _connection.WaitAsync(_stopping.Token);
                    }
                }
                catch (Exception exception) when (PostgreSqlDatabase.IsFailure(exception) || exception is InvalidOperationException)
                {
                    if (!_isCutOff)
                    {
                        PostgreSqlLog.CutOff(_logger, Name, exception.Message);
                        SetCutOff(true);
                    }
                }

                // A quarter of chance, so that the nodes of a cluster do not all come back at once.
                TimeSpan pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(failures++, 10)));
                await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 4)), TimeProvider.System, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The node leaves.
        }
    }

    /// <returns>False when another node has joined under this one's name.</returns>
    private async Task<bool> TryReturnAsync()
    {
        await _connection.DisposeAsync();
        _connection = _database.CreateLifeConnection();
        await _connection.OpenAsync(_stopping.Token);
        _connection.Notification += (_, notification) => _bus.Hear(notification.Payload);
        await ScalarAsync(_connection, Terminate, _stopping.Token, Parameter.Of(_database.LifeLocks), Parameter.Of([(long)Number]));
        await ScalarAsync(_connection, Hold, _stopping.Token, Parameter.Of(_database.LifeLocks), Parameter.Of(Number));

        if (await ScalarAsync(_connection, _database.Sql(Return), _stopping.Token, Parameter.Of(Number), Parameter.Of(Name), Parameter.Of((int)_state)) is null)
        {
            await _connection.CloseAsync();
            return false;
        }

        await ScalarAsync(_connection, _bus.Listen, _stopping.Token);
        return true;
    }

    private static async Task SupersedeAsync(
        NpgsqlConnection connection, PostgreSqlDatabase database, string name, int number, CancellationToken cancellationToken)
    {
        var predecessors = new List<long>();

        await using (var command = new NpgsqlCommand(database.Sql(Supersede), connection))
        {
            command.Parameters.Add(Parameter.Of(name));
            command.Parameters.Add(Parameter.Of(number));
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);

            while (await reader.ReadAsync(cancellationToken))
            {
                predecessors.Add(reader.GetInt32(0));
            }
        }

        await ScalarAsync(connection, Terminate, cancellationToken, Parameter.Of(database.LifeLocks), Parameter.Of(predecessors.ToArray()));
    }

    private void SetCutOff(bool isCutOff)
    {
        _isCutOff = isCutOff;

        try
        {
            CutOffChanged?.Invoke(isCutOff);
        }
        catch (Exception exception)
        {
            PostgreSqlLog.HandlerFailed(_logger, exception);
        }
    }

    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
