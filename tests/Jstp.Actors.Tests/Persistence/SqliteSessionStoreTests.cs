using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace Jstp.Actors.Tests.Persistence;

public sealed class SqliteSessionStoreTests() : SessionStoreContract(new SqliteHarness())
{
    private SqliteHarness Sqlite => (SqliteHarness)Harness;

    [Fact]
    public async Task OpenAsync_AgainAfterTheProcessEnded_FindsSessionsAndTheirOwnerDead()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = Events(1, 2) });
        int last = Other.Number;
        await Sqlite.CloseAsync();

        ISessionStore store = await Sqlite.OpenAsync();
        await using INodeMembership node = await store.JoinAsync("here", CancellationToken.None);
        SessionTakeResult result = Assert.Single(await store.TakeAsync(node.Number, [new SessionTakeRequest("id-1")], CancellationToken.None));

        Assert.True(node.Number > last);
        Assert.True(result.Record?.WasForced);
        Assert.Equal([1, 2], result.Record?.Messages.Select(static message => message.Magnitude));
    }

    [Fact]
    public async Task JoinAsync_AfterAllNodesWereForgotten_GivesANewNumber()
    {
        int last = Other.Number;
        await Sqlite.CloseAsync();
        ISessionStore store = await Sqlite.OpenAsync();
        await store.ExpireAsync(TimeSpan.Zero, 1, CancellationToken.None);

        await using INodeMembership node = await store.JoinAsync("here", CancellationToken.None);

        Assert.Equal(last + 1, node.Number);
    }

    [Fact]
    public async Task OpenAsync_FileThatIsOpen_IsRefused()
    {
        await using var second = new SqliteSessionStore(Sqlite.Options);

        SessionStoreException exception = await Assert.ThrowsAsync<SessionStoreException>(() => second.OpenAsync(CancellationToken.None));

        Assert.Contains(Sqlite.Path, exception.Message);
        Assert.Contains("has it open", exception.Message);
    }

    [Fact]
    public async Task OpenAsync_PathThatCannotBe_IsRefused()
    {
        await using var store = new SqliteSessionStore(new SqliteStoreOptions { Path = Path.Combine(Sqlite.Path, "below", "a-file.db") });

        SessionStoreException exception = await Assert.ThrowsAsync<SessionStoreException>(() => store.OpenAsync(CancellationToken.None));

        Assert.Contains("below", exception.Message);
    }

    [Fact]
    public async Task OpenAsync_NoDatabase_IsRefused()
    {
        await Sqlite.CloseAsync();
        File.Delete(Sqlite.Path + "-wal");
        await File.WriteAllTextAsync(Sqlite.Path, new string('x', 10_000));

        await Assert.ThrowsAsync<SessionStoreException>(Sqlite.OpenAsync);
    }

    [Fact]
    public async Task OpenAsync_OlderVersion_IsMigratedWithItsSessions()
    {
        await using var harness = new SqliteHarness();
        await SqliteFile.Open(harness.Options, version: 1).DisposeAsync();
        Execute(harness.Path, """
            insert into sessions (key, epoch, received, delivered, last_magnitude, idle_since, owner, is_connected, id, application, data, open_requests)
            values (7, 3, 1, 2, 2, 0, null, 0, 'old', 'app', x'', x'')
            """);

        ISessionStore store = await harness.OpenAsync();
        await using INodeMembership node = await store.JoinAsync("new", CancellationToken.None);

        SessionTakeResult result = Assert.Single(await store.TakeAsync(node.Number, [new SessionTakeRequest("old")], CancellationToken.None));
        Assert.Equal(new SessionCounts(1, 2, 2), result.Record?.Counts);
        await harness.CloseAsync();
        Assert.Equal((long)SqliteFile.LatestVersion, Execute(harness.Path, "pragma user_version"));
    }

    [Fact]
    public async Task OpenAsync_LaterVersion_IsRefused()
    {
        await Sqlite.CloseAsync();
        Execute(Sqlite.Path, "pragma user_version = 1000");

        SessionStoreException exception = await Assert.ThrowsAsync<SessionStoreException>(Sqlite.OpenAsync);

        Assert.Contains("1000", exception.Message);
    }

    [Fact]
    public async Task WriteAsync_AfterTheStoreWasClosed_Throws()
    {
        ISessionStore store = Store;
        await Sqlite.CloseAsync();

        await Assert.ThrowsAsync<SessionStoreException>(() => store.WriteAsync([Creating("id-1")], CancellationToken.None));
    }

    private static object? Execute(string path, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        using var command = new SqliteCommand(statement, connection);
        return command.ExecuteScalar();
    }
}
