using System.Globalization;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.Actors.Persistence.PostgreSql;
using Jstp.Actors.Persistence.Sqlite;
using Jstp.StoreBenchmark;

// Usage: Jstp.StoreBenchmark [memory] [sqlite] [sqlite-normal] [postgres], all without arguments; postgres needs JSTP_POSTGRES (eng/postgres.sh).
string[] names = args.Length > 0 ? args : ["memory", "sqlite-normal", "sqlite", "postgres"];
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine("| store | operation | batch | per second | ms a batch | ms the best |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- |");

foreach (string name in names)
{
    DirectoryInfo directory = Directory.CreateTempSubdirectory("jstp-bench");

    try
    {
        await using ISessionStore store = Create(name, directory);
        await new StoreRun(store, name).RunAsync();
    }
    finally
    {
        directory.Delete(recursive: true);
    }
}

static ISessionStore Create(string name, DirectoryInfo directory) => name switch
{
    "memory" => new MemorySessionStore(),
    "sqlite" => new SqliteSessionStore(new SqliteStoreOptions { Path = Path.Combine(directory.FullName, "sessions.db") }),
    "sqlite-normal" => new SqliteSessionStore(
        new SqliteStoreOptions { Path = Path.Combine(directory.FullName, "sessions.db"), Synchronous = SqliteSynchronous.Normal }),
    "postgres" => new PostgreSqlSessionStore(new PostgreSqlStoreOptions
    {
        ConnectionString = Environment.GetEnvironmentVariable("JSTP_POSTGRES") ?? throw new ArgumentException("JSTP_POSTGRES is not set."),
        Schema = $"bench_{Guid.NewGuid():N}",
    }),
    _ => throw new ArgumentException($"There is no store '{name}'."),
};
