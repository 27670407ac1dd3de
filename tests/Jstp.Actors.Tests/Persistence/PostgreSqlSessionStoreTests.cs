namespace Jstp.Actors.Tests.Persistence;

public sealed class PostgreSqlSessionStoreTests() : SessionStoreContract(new PostgreSqlHarness());
