using Jstp.Generators.Emission;
using Jstp.Generators.Model;
using Jstp.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Jstp.Generators;

/// <summary>Implements every interface with a <c>JstpProxyAttribute</c> by calls over a connection.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class JstpProxyGenerator : IIncrementalGenerator
{
    /// <summary>The step that makes models, by which tests see that nothing is done twice.</summary>
    public const string ModelStep = "JstpProxyModels";

    private const string AttributeName = "Jstp.Client.Remote.JstpProxyAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ProxyResult> results = context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeName, static (node, _) => node is InterfaceDeclarationSyntax, ProxyParser.Parse);

        // Apart from the models, so that a complaint that only moves generates nothing again.
        context.RegisterSourceOutput(
            results.SelectMany(static (result, _) => result.Diagnostics),
            static (production, diagnostic) => production.ReportDiagnostic(diagnostic.ToDiagnostic()));

        IncrementalValuesProvider<ProxyModel> models = results
            .Where(static result => result.Model is not null)
            .Select(static (result, _) => result.Model!)
            .WithTrackingName(ModelStep);

        context.RegisterSourceOutput(models, static (production, model) => production.AddSource(model.HintName, ProxyEmitter.Emit(model)));
    }
}
