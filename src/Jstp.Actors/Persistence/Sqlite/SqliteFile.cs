using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Jstp.Actors.Persistence.Sqlite;

/// <summary>
/// An open file: one connection and the thread that alone uses it, since SQLite's calls block. Each piece of work is one transaction. A lock on a file
/// beside it keeps other processes out; the system frees it when this one ends.
/// </summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    /// <summary>The version that this program works with.</summary>
    public const int LatestVersion = 5;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly FileStream _lock;
    private readonly SqliteConnection _connection;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SqliteFile(FileStream fileLock, SqliteConnection connection)
    {
        _lock = fileLock;
        _connection = connection;
        new Thread(Work) { IsBackground = true, Name = "SQLite" }.Start();
    }

    /// <param name="options">Which file, and how.</param>
    /// <param name="version">The version to migrate to; another than the latest is for tests.</param>
    /// <exception cref="SessionStoreException">The file cannot be used.</exception>
    public static SqliteFile Open(SqliteStoreOptions options, int version = LatestVersion)
    {
        FileStream? fileLock = null;
        SqliteConnection? connection = null;

        try
        {
            string path = Path.GetFullPath(options.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            fileLock = Lock(path);
            SQLitePCL.Batteries_V2.Init();
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
            connection.Open();
            Execute(connection, "pragma journal_mode = wal");
            Execute(connection, options.Synchronous == SqliteSynchronous.Full ? "pragma synchronous = full" : "pragma synchronous = normal");
            Execute(connection, "pragma temp_store = memory");
            Migrate(connection, version);
            return new SqliteFile(fileLock, connection);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException or SessionStoreException)
        {
            connection?.Dispose();
            fileLock?.Dispose();
            throw new SessionStoreException($"The session file '{options.Path}' cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Does something on the file's thread, in a transaction.</summary>
    /// <exception cref="SessionStoreException">The file failed; nothing of it was carried out.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);

        try
        {
            _work.Add(() => Complete(result, work), CancellationToken.None);
        }
        catch (InvalidOperationException exception)
        {
            throw new SessionStoreException("The session file is closed.", exception);
        }

        return result.Task;
    }

    /// <summary>The prepared statement of a text. On the file's thread only.</summary>
    public SqliteStatement Prepared(string text)
    {
        if (!_statements.TryGetValue(text, out SqliteStatement? statement))
        {
            statement = new SqliteStatement(_connection, text);
            _statements.Add(text, statement);
        }

        return statement;
    }

    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task;
        await _lock.DisposeAsync();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + "-lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path + "-lock"))
        {
            throw new SessionStoreException("another process, or another server of this one, has it open. Nodes that share sessions need PostgreSQL.", exception);
        }
    }

    private static void Migrate(SqliteConnection connection, int version)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        int current;

        using (var command = new SqliteCommand("pragma user_version", connection, transaction))
        {
            current = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }

        if (current > LatestVersion)
        {
            throw new SessionStoreException($"it has version {current} and this program knows versions up to {LatestVersion}: it was migrated by a later release.");
        }

        for (int next = current + 1; next <= version; next++)
        {
            Execute(connection, ReadScript(next), transaction);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {next}"), transaction);
        }

        transaction.Commit();
    }

    private static string ReadScript(int version)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(string.Create(CultureInfo.InvariantCulture, $"sqlite-{version:D4}.sql"))!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Execute(SqliteConnection connection, string statement, SqliteTransaction? transaction = null)
    {
        using var command = new SqliteCommand(statement, connection, transaction);
        command.ExecuteNonQuery();
    }

    private void Work()
    {
        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }

        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
        _work.Dispose();
        _ended.SetResult();
    }

    private void Complete<T>(TaskCompletionSource<T> result, Func<T> work)
    {
        try
        {
            // Plain statements: a SqliteTransaction would want to be named by each command.
            Prepared("begin immediate").Run();

            try
            {
                T value = work();
                Prepared("commit").Run();
                result.SetResult(value);
            }
            catch
            {
                RollBack();
                throw;
            }
        }
        catch (SqliteException exception)
        {
            result.SetException(new SessionStoreException($"SQLite failed: {exception.Message}", exception));
        }
        catch (Exception exception)
        {
            result.SetException(exception);
        }
    }

    private void RollBack()
    {
        try
        {
            Prepared("rollback").Run();
        }
        catch (SqliteException)
        {
            // Some errors have rolled back already; then there is nothing to do.
        }
    }
}
