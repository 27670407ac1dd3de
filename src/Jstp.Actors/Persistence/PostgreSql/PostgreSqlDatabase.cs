using System.Globalization;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>
/// The connections to the database, and what every statement needs: the schema's name and the classes of our advisory locks, which are object ids of
/// its tables, so that no two clusters in a database disturb each other. Failures become <see cref="SessionStoreException"/> here.
/// </summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private const int MaxDeadlocks = 3;
    private const int WriteBufferLength = 64 * 1024; // a batch of changes has megabytes: with Npgsql's 8 KiB both processes would wake each other for each of them

    private readonly PostgreSqlStoreOptions _options;
    private readonly NpgsqlDataSource _source;
    private readonly string _schema;

    public PostgreSqlDatabase(PostgreSqlStoreOptions options)
    {
        _options = options;
        _schema = '"' + options.Schema.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        _source = NpgsqlDataSource.Create(Configure(options));
    }

    /// <summary>The class of the locks that living nodes hold.</summary>
    public int LifeLocks { get; private set; }

    /// <summary>The class of the locks that writers share and takers hold alone (docs/adr/0006).</summary>
    public int FenceLocks { get; private set; }

    public string SchemaName => _options.Schema;

    public TimeSpan ProbeInterval => _options.ProbeInterval;

    /// <summary>Puts the schema's name into a statement.</summary>
    public string Sql(string statement) => statement.Replace("${schema}", _schema, StringComparison.Ordinal);

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await RunAsync(
            async (connection, stopping) =>
            {
                await new PostgreSqlMigrations(this, connection).RunAsync(PostgreSqlMigrations.Latest, stopping);
                await using var command = new NpgsqlCommand(Sql("select '${schema}.nodes'::regclass::oid, '${schema}.sessions'::regclass::oid"), connection);
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(stopping);
                await reader.ReadAsync(stopping);
                LifeLocks = unchecked((int)reader.GetFieldValue<uint>(0));
                FenceLocks = unchecked((int)reader.GetFieldValue<uint>(1));
                return true;
            },
            cancellationToken);
    }

    /// <summary>Makes a connection that belongs to no pool. The caller opens and disposes it.</summary>
    public NpgsqlConnection CreateLifeConnection()
    {
        int probeSeconds = (int)_options.ProbeInterval.TotalSeconds;

        // Both ends probe: PostgreSQL, to free the lock of a node that vanished without a word; the node, to know that it may be held for dead.
        NpgsqlConnectionStringBuilder settings = Configure(_options);
        settings.Pooling = false;
        settings.KeepAlive = probeSeconds;
        settings.Options += string.Create(
            CultureInfo.InvariantCulture,
            $" -c tcp_keepalives_idle={probeSeconds * 2} -c tcp_keepalives_interval={probeSeconds} -c tcp_keepalives_count=4 -c tcp_user_timeout={probeSeconds * 6000}");
        return new NpgsqlConnection(settings.ConnectionString);
    }

    /// <summary>Does something with a connection. It may be done again, as PostgreSQL gives one of two transactions up that wait for each other.</summary>
    /// <exception cref="SessionStoreException">The store failed.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (int deadlocks = 0; ; deadlocks++)
        {
            try
            {
                await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
                return await work(connection, cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected && deadlocks < MaxDeadlocks)
            {
                // Nothing was carried out. The other transaction is through by now.
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                Forget(exception);
                throw new SessionStoreException($"PostgreSQL failed: {exception.Message}", exception);
            }
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>Whether an exception means that the database failed, and not that somebody gave up or that this program is wrong.</summary>
    public static bool IsFailure(Exception exception) => exception is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException;

    private static NpgsqlConnectionStringBuilder Configure(PostgreSqlStoreOptions options)
    {
        int timeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds);

        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = "jstp",
            Enlist = false,
            MaxPoolSize = options.MaxConnectionCount,
            CommandTimeout = timeout,
            Timeout = timeout,
            MaxAutoPrepare = 128,
            AutoPrepareMinUsages = 2,
            WriteBufferSize = WriteBufferLength,
            NoResetOnClose = true, // nothing here changes a connection's settings, or holds a lock beyond a transaction, in the pool
        };

        // The fencing relies on this isolation. Statements come with arrays of keys and go through indexes: without them a plan that was made while a table
        // was small would read all of it when it is large, and bitmaps would find the index entries of dead rows again and again, where a plain scan
        // marks them. A client that vanished within a batch must not hold its locks for the default of two hours.
        settings.Options = string.Join(
            ' ',
            settings.Options,
            @"-c default_transaction_isolation=read\ committed -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off",
            "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000").Trim();
        return settings;
    }

    // After a restart of the server all pooled connections are dead: one failure should not be followed by one for each.
    private void Forget(Exception exception)
    {
        if (exception is not PostgresException || exception is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown })
        {
            _source.Clear();
        }
    }
}
