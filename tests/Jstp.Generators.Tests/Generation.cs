using System.Collections.Immutable;
using Jstp.Client;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Jstp.Generators.Tests;

/// <summary>A program that was compiled with the generator.</summary>
internal sealed record Generation(Compilation Compilation, GeneratorDriver Driver, ImmutableArray<Diagnostic> Diagnostics)
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Jstp.Client.Remote;
        global using Jstp.Transport.Mdsf;
        """;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(JstpClient).Assembly.Location)
            .Distinct(StringComparer.Ordinal)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The files that were generated.</summary>
    public IReadOnlyList<string> Files => [.. Driver.GetRunResult().GeneratedTrees.Select(static tree => tree.ToString())];

    /// <summary>Compiles a program.</summary>
    public static Generation Run(string source, NullableContextOptions nullable = NullableContextOptions.Enable)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new JstpProxyGenerator().AsSourceGenerator()],
            parseOptions: ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

        return Run(driver, Compile(source, nullable));
    }

    /// <summary>Compiles the program again, with one more file or with another text of the first.</summary>
    public Generation RunAgain(string? source = null, string? further = null)
    {
        Compilation changed = Driver.GetRunResult().GeneratedTrees.Aggregate(Compilation, static (all, tree) => all.RemoveSyntaxTrees(tree));

        if (source is not null)
        {
            changed = changed.ReplaceSyntaxTree(changed.SyntaxTrees.First(), CSharpSyntaxTree.ParseText(source, ParseOptions, "Program.cs"));
        }

        if (further is not null)
        {
            changed = changed.AddSyntaxTrees(CSharpSyntaxTree.ParseText(further, ParseOptions, "Further.cs"));
        }

        return Run(Driver, changed);
    }

    /// <summary>What the compiler says of the program with all that was generated, warnings included.</summary>
    public IReadOnlyList<string> Complaints() =>
        [.. Compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(static diagnostic => diagnostic.ToString())];

    private static CSharpCompilation Compile(string source, NullableContextOptions nullable) => CSharpCompilation.Create(
        "Program",
        [
            CSharpSyntaxTree.ParseText(source, ParseOptions, "Program.cs"),
            CSharpSyntaxTree.ParseText(Usings, ParseOptions, "Usings.cs"),
        ],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: nullable, warningLevel: 9999));

    private static Generation Run(GeneratorDriver driver, Compilation compilation)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);

        return new Generation(output, driver, diagnostics);
    }
}
