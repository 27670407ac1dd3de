namespace Jstp.Actors.Tests.Persistence;

public sealed class SqliteSessionStoreTests() : SessionStoreContract(new SqliteHarness());
