namespace Jstp.Actors.Persistence.Sqlite;

/// <summary>Where and how the SQLite store keeps sessions (docs/stores.md).</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>
    /// The file, which is made when it is missing, with its directory. It must be on a local disk. Beside it lie SQLite's <c>-wal</c> and <c>-shm</c>, and a
    /// <c>-lock</c> that keeps other processes away.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>When what was written is on the disk. The default is <see cref="SqliteSynchronous.Full"/>, which strict durability needs.</summary>
    public SqliteSynchronous Synchronous { get; init; } = SqliteSynchronous.Full;
}
