namespace Jstp.Actors.Tests.Persistence;

public sealed class MemorySessionStoreTests() : SessionStoreContract(new MemoryHarness());
