using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Tests;

/// <summary>An edit makes the generator do again only what it changes: the editor runs it at every key.</summary>
public sealed class IncrementalTests
{
    private const string Source = """
        [JstpProxy]
        public partial interface IChat
        {
            event Action<Line> Message;
            Task<List<Line>> ReadAsync(string room, Dictionary<string, int> marks);
        }

        public sealed record Line(string Who, string Text);
        """;

    [Fact]
    public void Edit_OfAnotherFile_NothingIsDoneAgain()
    {
        var first = Generation.Run(Source);

        var second = first.RunAgain(further: "public class Other { }");

        Assert.Equal([IncrementalStepRunReason.Cached], Models(second));
        Assert.All(Outputs(second), static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.Equal(first.Files, second.Files);
    }

    [Fact]
    public void Edit_OfACommentAndABody_NothingIsGeneratedAgain()
    {
        var first = Generation.Run(Source);

        var second = first.RunAgain("// A comment, which moves everything.\n" + Source.Replace("string Text);", "string Text) { public int Length() => Text.Length; }", StringComparison.Ordinal));

        Assert.Equal([IncrementalStepRunReason.Cached], Models(second));
        Assert.All(Outputs(second), static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void Edit_OfTheInterface_ItIsGeneratedAgain()
    {
        var first = Generation.Run(Source);

        var second = first.RunAgain(Source.Replace("ReadAsync", "LoadAsync", StringComparison.Ordinal));

        Assert.Equal([IncrementalStepRunReason.Modified], Models(second));
        Assert.Contains("\"load\"", Assert.Single(second.Files), StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_OfATypeThatTravels_ItIsGeneratedAgain()
    {
        var first = Generation.Run(Source);

        var second = first.RunAgain(Source.Replace("string Text", "string Text, int Number", StringComparison.Ordinal));

        Assert.Equal([IncrementalStepRunReason.Modified], Models(second));
        Assert.Contains("\"number\"u8", Assert.Single(second.Files), StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_ThatMakesAFault_IsReportedAndItsEndIsSeen()
    {
        var first = Generation.Run(Source);

        var faulty = first.RunAgain(Source.Replace("string room", "object room", StringComparison.Ordinal));
        var mended = faulty.RunAgain(Source);

        Assert.Equal("JSTP007", Assert.Single(faulty.Diagnostics).Id);
        Assert.Empty(faulty.Files);
        Assert.Empty(mended.Diagnostics);
        Assert.Equal(first.Files, mended.Files);
    }

    private static IEnumerable<IncrementalStepRunReason> Models(Generation generation) => Result(generation)
        .TrackedSteps[JstpProxyGenerator.ModelStep].SelectMany(static step => step.Outputs).Select(static output => output.Reason);

    private static IEnumerable<IncrementalStepRunReason> Outputs(Generation generation) => Result(generation)
        .TrackedOutputSteps.SelectMany(static named => named.Value).SelectMany(static step => step.Outputs).Select(static output => output.Reason);

    private static GeneratorRunResult Result(Generation generation) => Assert.Single(generation.Driver.GetRunResult().Results);
}
