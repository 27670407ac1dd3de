using Jstp.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Tests;

/// <summary>What cannot be mapped is refused where it stands, with what to do instead. The place is marked by «» in the source.</summary>
public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("JSTP001", "[JstpProxy] public interface «IChat» { }", "Declare 'IChat' as partial")]
    [InlineData("JSTP002", "[JstpProxy] public partial interface «IChat»<T> { }", "'IChat' has type parameters")]
    [InlineData("JSTP002", "public partial class Outer<T> { [JstpProxy] public partial interface «IChat» { } }", "'IChat' has type parameters")]
    [InlineData("JSTP003", "public class «Outer» { [JstpProxy] public partial interface IChat { } }", "Declare 'Outer' as partial, or move 'IChat' out of it")]
    [InlineData("JSTP009", "[«JstpProxy(\"\")»] public partial interface IChat { }", "'' can be no name")]
    public void Interface_CannotBeMapped_IsRefused(string id, string source, string message) => AssertRefused(id, source, message);

    [Theory]
    [InlineData("JSTP004", "int «Count» { get; }", "it is a property")]
    [InlineData("JSTP004", "int «this»[int i] { get; }", "it is an indexer")]
    [InlineData("JSTP004", "static abstract Task «MakeAsync»();", "it is static")]
    [InlineData("JSTP004", "Task «SendAsync»<T>(T value);", "it has type parameters")]
    [InlineData("JSTP005", "int «Count»();", "'Count' returns 'int'")]
    [InlineData("JSTP005", "void «Send»();", "'Send' returns 'void'")]
    [InlineData("JSTP005", "IAsyncEnumerable<int> «Count»();", "return Task, Task<T>, ValueTask or ValueTask<T>")]
    [InlineData("JSTP006", "Task SendAsync(ref int «value»);", "'value' of 'SendAsync' is passed by reference")]
    [InlineData("JSTP006", "Task SendAsync(out int «value»);", "return results, several as a tuple")]
    [InlineData("JSTP006", "Task SendAsync(in int «value»);", "pass it by value")]
    [InlineData("JSTP008", "Task SendAsync(int a); Task «SendAsync»(string b);", "are both 'send' on the server")]
    [InlineData("JSTP008", "Task SendAsync(); [JstpName(\"send\")] Task «PostAsync»();", "'IChat.SendAsync()' and 'IChat.PostAsync()'")]
    [InlineData("JSTP008", "event Action A; [JstpName(\"a\")] event Action «B»;", "rename one with [JstpName]")]
    [InlineData("JSTP009", "[JstpName(\"__proto__\")] Task «SendAsync»();", "'__proto__' can be no name")]
    [InlineData("JSTP010", "event Func<int> «Asked»;", "Handlers of 'Asked' return 'int'")]
    [InlineData("JSTP006", "event Handler «Asked»; delegate void Handler(ref int value);", "'value' of 'Asked' is passed by reference")]
    [InlineData("JSTP011", "Task SendAsync(CancellationToken «token», int value);", "'token' of 'SendAsync' must be its only CancellationToken and its last parameter")]
    [InlineData("JSTP011", "Task SendAsync(CancellationToken «first», CancellationToken second);", "'first'")]
    [InlineData("JSTP012", "[JstpEmit] Task<int> «SendAsync»();", "an event has no results")]
    [InlineData("JSTP012", "[JstpEmit, JstpResend] Task «SendAsync»();", "an event has no answer that could be lost")]
    [InlineData("JSTP012", "[JstpEmit] void «Send»(CancellationToken token);", "waits for nothing")]
    public void Member_CannotBeMapped_IsRefused(string id, string member, string message) =>
        AssertRefused(id, $"[JstpProxy] public partial interface IChat {{ {member} }}", message);

    [Theory]
    [InlineData("Task SendAsync(object «value»);", "'object' in 'SendAsync' cannot be converted: use MdsfValue")]
    [InlineData("Task<object> «GetAsync»();", "use MdsfValue")]
    [InlineData("Task<(int, object)> «GetAsync»();", "use MdsfValue")]
    [InlineData("Task SendAsync(List<object> «values»);", "'object' in 'SendAsync'")]
    [InlineData("Task SendAsync(Action «done»);", "code does not travel")]
    [InlineData("Task SendAsync(ReadOnlySpan<char> «text»);", "it is an address in memory")]
    [InlineData("Task SendAsync(int[,] «table»);", "use an array of arrays")]
    [InlineData("Task SendAsync(Dictionary<int, string> «map»);", "the keys of objects are strings")]
    [InlineData("Task SendAsync((int, int, int, int, int)[] «rows»);", "use a record")]
    [InlineData("Task SendAsync(TimeSpan «time»);", "use a string, a number, a record of your own, or MdsfValue")]
    [InlineData("Task SendAsync(Version «version»);", "MDSF has nothing like it")]
    [InlineData("event Action<object> «Said»;", "'object' in 'Said'")]
    [InlineData("Task SendAsync(IShape «shape»); public interface IShape { }", "use a class or record that is not abstract")]
    [InlineData("Task SendAsync(Shape «shape»); public abstract class Shape { }", "use a class or record that is not abstract")]
    [InlineData("Task SendAsync(Two «two»); public class Two { public Two(int a) { } public Two(string b) { } }", "one with [JsonConstructor]")]
    [InlineData("Task SendAsync(Odd «odd»); public class Odd { public Odd(int a) { } }", "its constructor takes 'a', but it has no property of that name and type")]
    [InlineData("Task SendAsync(Holder «holder»); public class Holder { public object? What { get; set; } }", "'object' in 'SendAsync'")]
    [InlineData(
        "Task SendAsync(Own «own»); [System.Text.Json.Serialization.JsonPolymorphic] public class Own { }", "it has [JsonPolymorphicAttribute], which acts at run time only")]
    [InlineData(
        "Task SendAsync(Own «own»); public class Own { [System.Text.Json.Serialization.JsonExtensionData] public Dictionary<string, MdsfValue>? Rest { get; set; } }",
        "'Rest' has [JsonExtensionDataAttribute]")]
    [InlineData("Task SendAsync(Grown<int> «grown»); public class Grown<T> { public Grown<Grown<T>>? Next { get; set; } }", "its types nest too deeply")]
    [InlineData("Task SendAsync(Page<int> «page»); public class Page<T> { public T? Value { get; init; } }", "'Value' is init only in a generic type")]
    public void Type_HasNoForm_IsRefused(string member, string message) =>
        AssertRefused("JSTP007", $"[JstpProxy] public partial interface IChat {{ {member} }}", message);

    [Fact]
    public void Member_OfABaseInterfaceElsewhere_IsRefusedAtTheProxy() =>
        AssertRefused("JSTP004", "[JstpProxy] public partial interface «IChat» : IAsyncDisposable { }", "a proxy has nothing to dispose of");

    [Fact]
    public void UnknownType_TheCompilerHasSaidSo_NothingMoreIsSaid()
    {
        var generation = Generation.Run("[JstpProxy] public partial interface IChat { Task<Missing> SendAsync(List<Absent> value); }");

        Assert.Empty(generation.Diagnostics);
        Assert.Empty(generation.Files);
        Assert.Contains(generation.Complaints(), static complaint => complaint.Contains("CS0246", StringComparison.Ordinal));
    }

    [Fact]
    public void Documentation_EveryDiagnostic_HasALine()
    {
        string page = File.ReadAllText(RepositoryFile("docs/client.md"));
        IEnumerable<DiagnosticDescriptor> descriptors = typeof(Descriptors).GetFields().Select(static field => (DiagnosticDescriptor)field.GetValue(null)!);

        Assert.All(descriptors, descriptor => Assert.Contains($"| {descriptor.Id} |", page, StringComparison.Ordinal));
        Assert.Equal(12, descriptors.Select(static descriptor => descriptor.Id).Distinct().Count());
    }

    private static void AssertRefused(string id, string marked, string message)
    {
        int start = marked.IndexOf('«', StringComparison.Ordinal);
        int end = marked.IndexOf('»', StringComparison.Ordinal) - 1;
        string source = marked.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);

        var generation = Generation.Run(source);

        Diagnostic diagnostic = Assert.Single(generation.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Contains(message, diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.Equal(source[start..end], source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal("Program.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.Empty(generation.Files);
    }

    private static string RepositoryFile(string path, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../..", path);
}
