using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.PostgreSql;
using Jstp.TestKit;
using Npgsql;

namespace Jstp.Actors.Tests.Persistence;

public sealed class PostgreSqlSessionStoreTests() : SessionStoreContract(new PostgreSqlHarness())
{
    private PostgreSqlHarness PostgreSql => (PostgreSqlHarness)Harness;

    [Fact]
    public async Task OpenAsync_OlderVersion_IsMigratedWithItsSessions()
    {
        await using var harness = new PostgreSqlHarness();
        await using var database = new PostgreSqlDatabase(harness.Options);
        await database.RunAsync(
            async (connection, stopping) =>
            {
                await new PostgreSqlMigrations(database, connection).RunAsync(1, stopping);
                return true;
            },
            CancellationToken.None);
        await harness.ExecuteAsync("""
            insert into {0}.sessions (key, epoch, received, delivered, last_magnitude, idle_since, owner, is_connected, id, application, data, open_requests)
            values (7, 3, 1, 2, 2, now(), null, false, 'old', 'app', '', '')
            """);

        ISessionStore store = await harness.OpenAsync();
        await using INodeMembership node = await store.JoinAsync("new", CancellationToken.None);

        SessionTakeResult result = Assert.Single(await store.TakeAsync(node.Number, [new SessionTakeRequest("old")], CancellationToken.None));
        Assert.Equal(new SessionCounts(1, 2, 2), result.Record?.Counts);
        Assert.Equal(PostgreSqlMigrations.Latest, await harness.ExecuteAsync("select max(version) from {0}.migrations"));
    }

    [Fact]
    public async Task OpenAsync_LaterVersion_IsRefused()
    {
        await PostgreSql.ExecuteAsync("insert into {0}.migrations (version) values (1000)");

        SessionStoreException exception = await Assert.ThrowsAsync<SessionStoreException>(PostgreSql.OpenAsync);

        Assert.Contains("1000", exception.Message);
        Assert.Contains("later release", exception.Message);
    }

    [Fact]
    public async Task OpenAsync_ManyAtOnce_MigrateOnce()
    {
        await using var harness = new PostgreSqlHarness();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => harness.OpenAsync()));

        Assert.Equal((long)PostgreSqlMigrations.Latest, await harness.ExecuteAsync("select count(*) from {0}.migrations"));
    }

    [Fact]
    public async Task AnyCall_NobodyAnswers_Throws()
    {
        await using PostgreSqlSessionStore store = PostgreSql.Create(new PostgreSqlStoreOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=nobody" });

        await Assert.ThrowsAsync<SessionStoreException>(() => store.OpenAsync(CancellationToken.None));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.JoinAsync("lost", CancellationToken.None));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.WriteAsync([Creating("id-1")], CancellationToken.None));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.TakeAsync(1, [new SessionTakeRequest("id-1")], CancellationToken.None));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.PostAsync([new SessionPost("id-1", default)], CancellationToken.None));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.FindAsync(default, 1, CancellationToken.None));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.ExpireAsync(TimeSpan.Zero, 1, CancellationToken.None));
    }

    [Fact]
    public async Task Membership_CutOffAndBack_KeepsItsNumberAndLearnsWhatItLost()
    {
        var server = new NpgsqlConnectionStringBuilder(PostgreSqlHarness.ConnectionString);
        await using var proxy = new CuttableProxy(server.Host!, server.Port);
        PostgreSqlSessionStore store = PostgreSql.Create(new PostgreSqlStoreOptions
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString,
            Schema = PostgreSql.Schema,
        });
        await store.OpenAsync(CancellationToken.None);
        await using INodeMembership node = await store.JoinAsync("islander", CancellationToken.None);
        var claim = new SessionClaim(((long)node.Number << 32) + 1, 1);
        await store.WriteAsync([Change(claim) with { Creation = new SessionCreation("id-1", "app", null, node.Number) }], CancellationToken.None);
        var cutOff = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var missed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.CutOffChanged += isCutOff => (isCutOff ? cutOff : back).TrySetResult();
        node.Bus.Missed += missed.SetResult;

        proxy.Cut();
        await cutOff.Task.WithinLimitAsync("the node to notice that it is cut off");
        Assert.True(node.IsCutOff);
        await Assert.ThrowsAsync<SessionStoreException>(() => store.WriteAsync([Change(claim) with { Appended = Events(1) }], CancellationToken.None));

        // Nobody need wait for it: its lock went with its connection.
        SessionTakeResult? taken = null;
        await Patience.UntilAsync(() => (taken = TakeAsync("id-1").GetAwaiter().GetResult()).Value.Record is not null, "the session of the node that is cut off");

        proxy.Mend();
        await back.Task.WithinLimitAsync("the node to come back");
        await missed.Task.WithinLimitAsync("the word that something may have been missed");
        Assert.False(node.IsCutOff);
        Assert.Equal([claim.Key], await store.FindLostAsync([claim], CancellationToken.None));
        Assert.Equal([claim.Key], await store.WriteAsync([Change(claim) with { Appended = Events(1) }], CancellationToken.None));
        Assert.Contains(await Other.GetNodesAsync(CancellationToken.None), info => info.Number == node.Number && info.Name == "islander");

        var ear = new Ear(node);
        Other.Bus.Publish(node.Number, Utf8("welcome"));
        await ear.HearsAsync(1);
    }

    [Fact]
    public async Task WriteAsync_UnderAnEpochOfAnotherNode_IsRefused()
    {
        SessionClaim claim = await CreateAsync("id-1");

        // The fence that the writer shares is that of its own node; what another owns is outside of it.
        Assert.Equal([claim.Key], await OtherStore.WriteAsync([Change(claim) with { Appended = Events(1) }], CancellationToken.None));
    }

    [Fact]
    public async Task WriteAsync_WhileATakerHoldsTheFence_WaitsAndIsRefused()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await using var connection = new NpgsqlConnection(PostgreSqlHarness.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        string schema = '"' + PostgreSql.Schema.Replace("\"", "\"\"") + '"';
        await using var take = new NpgsqlCommand(
            $"select pg_advisory_xact_lock('{schema}.sessions'::regclass::oid::bigint::integer, {Node.Number}); update {schema}.sessions set epoch = epoch + 1, owner = {Other.Number}", connection);
        await take.ExecuteNonQueryAsync();

        Task<IReadOnlyList<long>> writing = WriteAsync(Change(claim) with { Appended = Events(1) });
        await Patience.UntilAsync(
            () => (long)PostgreSql.ExecuteAsync("select count(*) from pg_locks where locktype = 'advisory' and not granted and classid = '{0}.sessions'::regclass::oid").GetAwaiter().GetResult()! == 1,
            "the write to wait for the fence");
        await transaction.CommitAsync();

        Assert.Equal([claim.Key], await writing.WithinLimitAsync("the write"));
    }

    [Theory]
    [InlineData("nonsense", "jstp", 10, "ConnectionString")]
    [InlineData("Host=x", "", 10, "Schema")]
    [InlineData("Host=x", "jstp", 0.5, "CommandTimeout")]
    public void Constructor_OptionsThatMakeNoSense_Throws(string connectionString, string schema, double timeoutSeconds, string name)
    {
        var options = new PostgreSqlStoreOptions { ConnectionString = connectionString, Schema = schema, CommandTimeout = TimeSpan.FromSeconds(timeoutSeconds) };

        Assert.Contains(name, Assert.Throws<ArgumentException>(() => PostgreSql.Create(options)).Message);
    }
}
