using FsCheck;
using FsCheck.Fluent;

namespace Jstp.Actors.Tests.Persistence;

/// <summary>Whatever is done in whatever order, the databases answer as the memory does.</summary>
public sealed class SessionStorePropertyTests
{
    private static readonly Arbitrary<int[]> Scripts = Arb.From(Gen.Choose(0, 1023).ArrayOf(60), static script => ArbMap.Default.ArbFor<int[]>().Shrinker(script).Where(static shorter => shorter.All(static number => number >= 0)));

    [Fact]
    public Task Sqlite_AnySequenceOfOperations_AnswersAsTheMemory() => CheckAsync(static () => new SqliteHarness(), 60);

    [Fact]
    public Task PostgreSql_AnySequenceOfOperations_AnswersAsTheMemory() => CheckAsync(static () => new PostgreSqlHarness(), 25);

    private static Task CheckAsync(Func<StoreHarness> create, int count) =>
        Prop.ForAll(
            Scripts,
            script =>
            {
                List<string> expected = StoreScript.RunAsync(new MemoryHarness(), script).GetAwaiter().GetResult();
                List<string> actual = StoreScript.RunAsync(create(), script).GetAwaiter().GetResult();

                Assert.Equal(expected, actual);
            }).CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(count));
}
