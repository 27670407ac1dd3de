using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Sqlite;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Persistence;

/// <summary>A file in a directory of its own. Only one process may have it open, so both nodes use one store.</summary>
public sealed class SqliteHarness : StoreHarness
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("jstp");
    private SqliteSessionStore? _store;

    public ManualTimeProvider Time { get; } = new();

    public string Path => System.IO.Path.Combine(_directory.FullName, "sessions", "sessions.db");

    public SqliteStoreOptions Options => new() { Path = Path, Synchronous = SqliteSynchronous.Normal };

    public override async Task<ISessionStore> OpenAsync()
    {
        if (_store is null)
        {
            _store = new SqliteSessionStore(Options, Time);
            await _store.OpenAsync(CancellationToken.None);
        }

        return _store;
    }

    /// <summary>Closes the file, as the end of the process would.</summary>
    public async Task CloseAsync()
    {
        if (_store is { } store)
        {
            _store = null;
            await store.DisposeAsync();
        }
    }

    public override Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _directory.Delete(recursive: true);
    }
}
