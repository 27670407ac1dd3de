using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Tests;

/// <summary>What is generated compiles without a warning, whatever it is made from.</summary>
public sealed class GeneratedCodeTests
{
    private const string Everything = """
        using System.Collections.Immutable;
        using System.Text.Json.Serialization;

        namespace Depot.@event;

        public enum Colour { Red, [JsonStringEnumMemberName("dark-green")] Green, @class }

        public record Item(string Sku, int Count, string? Note, Colour Colour = Colour.Green, double Weight = double.NaN, char Mark = '\'', string Text = "\"a\n");

        public class Node
        {
            public required string Name { get; set; }
            public Node? Next { get; set; }
            public List<Node> Children { get; init; } = [];
            [JsonIgnore] public object? Cache { get; set; }
            [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Hint { get; set; }
            [JsonPropertyName("the size")] public int Size { get; private set; }
            public string? @class { get; set; }
            public int this[int i] => i;
        }

        public struct Point { public double X { get; set; } public double Y { get; init; } }

        public readonly record struct Pair(int A, int B);

        public class Empty { }

        public class Page<T> { public T[] Values { get; set; } = []; }

        public delegate void Heard(string who, Item? what);

        [JstpProxy("depot")]
        public partial interface IDepot
        {
            event Action Opened;
            event Action<int>? Counted;
            event Action<string, string?, Item[]> Moved;
            event Heard Said;
            Task CloseAsync();
            Task<int> CountAsync(string sku, CancellationToken cancellationToken = default);
            ValueTask<Item?> FindAsync(string? @class, Colour colour);
            ValueTask WaitAsync();
            Task<(string Name, int Count, Item Item)> ThreeAsync();
            Task<(int, int, int, int, int, int, int, int, int)> NineAsync(int a, int b, int c, int d, int e, int f, int g, int h, int i);
            [JstpResend] Task<Node> TreeAsync(Node root, Node? other);
            [JstpEmit] void Seen(int a, params string[] rest);
            [JstpEmit] ValueTask TypingAsync(Point point, CancellationToken token);
            [JstpEmit] Task TypedAsync();
            [JstpEmit] Task LeftAsync(CancellationToken token);
            [JstpName("all of it")] Task<MdsfValue> AllAsync(
                bool a, sbyte b, byte c, short d, ushort e, int f, uint g, long h, ulong i, Int128 j, UInt128 k, float l, double m, decimal n, char o, string p,
                Guid q, Uri r, DateTime s, DateTimeOffset t, byte[] u, ReadOnlyMemory<byte> v, MdsfValue? w, Pair x, Empty y, Page<Page<string?>> z);
            Task<IReadOnlyDictionary<string, List<int?>?>> ListsAsync(
                IEnumerable<string> a, IList<string?> b, ImmutableArray<(int, string)> c, Dictionary<string, int[]>? d, int[][] e, (int, (string, string?, bool, Uri))? f);
            int Doubled(int value) => value * 2;
        }
        """;

    [Theory]
    [InlineData(NullableContextOptions.Enable)]
    [InlineData(NullableContextOptions.Disable)]
    public void Everything_Compiles_WithoutAWarning(NullableContextOptions nullable)
    {
        string source = nullable == NullableContextOptions.Enable ? Everything : Everything.Replace("?", "", StringComparison.Ordinal);

        var generation = Generation.Run(source, nullable);

        Assert.Empty(generation.Diagnostics);
        Assert.Single(generation.Files);
        Assert.Empty(generation.Complaints());
    }

    [Fact]
    public void Nested_InPartialTypes_Compiles()
    {
        var generation = Generation.Run("""
            namespace Outer.Space;

            public static partial class Shop
            {
                internal sealed partial record Part
                {
                    private sealed record Secret(string Text);

                    [JstpProxy]
                    private partial interface IShop
                    {
                        Task<Secret> GetAsync();
                    }
                }
            }
            """);

        Assert.Empty(generation.Diagnostics);
        Assert.Empty(generation.Complaints());
    }

    [Fact]
    public void GlobalNamespace_AndInheritance_Compile()
    {
        var generation = Generation.Run("""
            public partial interface IBase { Task OpenAsync(); event Action<int> Counted; }

            [JstpProxy] public partial interface IDoor : IBase { Task CloseAsync(); }

            [JstpProxy] public partial interface IGate : IDoor { Task LockAsync(); }

            public static class Program
            {
                public static IGate Make(Jstp.Client.Connections.JstpClientConnection connection) => connection.GetProxy<IGate>();
            }

            // What a test does in place of the proxy.
            public sealed class Fake : IGate
            {
                public event Action<int>? Counted;
                public Task OpenAsync() { Counted?.Invoke(1); return Task.CompletedTask; }
                public Task CloseAsync() => Task.CompletedTask;
                public Task LockAsync() => Task.CompletedTask;
            }
            """);

        Assert.Empty(generation.Diagnostics);
        Assert.Equal(2, generation.Files.Count);
        Assert.Empty(generation.Complaints());
    }

    [Fact]
    public void Generated_Source_NamesNothingOfReflection()
    {
        string file = Assert.Single(Generation.Run(Everything).Files);

        Assert.DoesNotContain("typeof(", file, StringComparison.Ordinal);
        Assert.DoesNotContain("System.Reflection", file, StringComparison.Ordinal);
        Assert.DoesNotContain("MdsfSerializer", file, StringComparison.Ordinal);
        Assert.DoesNotContain("Activator", file, StringComparison.Ordinal);
    }
}
