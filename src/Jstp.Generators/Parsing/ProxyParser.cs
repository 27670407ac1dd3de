using Jstp.Generators.Diagnostics;
using Jstp.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Jstp.Generators.Parsing;

/// <summary>Turns an interface into a model, or into complaints.</summary>
internal sealed class ProxyParser
{
    private const string ProxyContract = "Jstp.Client.Remote.IJstpProxy`1";

    private readonly INamedTypeSymbol _interface;
    private readonly InterfaceDeclarationSyntax _declaration;
    private readonly DiagnosticSink _diagnostics;
    private readonly ConverterCatalog _converters;
    private readonly MemberParser _members;

    private ProxyParser(INamedTypeSymbol @interface, InterfaceDeclarationSyntax declaration, Compilation compilation)
    {
        _interface = @interface;
        _declaration = declaration;
        _diagnostics = new DiagnosticSink(declaration.Identifier.GetLocation());
        _converters = new ConverterCatalog(compilation, @interface);
        _members = new MemberParser(_converters, _diagnostics);
    }

    public static ProxyResult Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var parser = new ProxyParser((INamedTypeSymbol)context.TargetSymbol, (InterfaceDeclarationSyntax)context.TargetNode, context.SemanticModel.Compilation);

        return parser.Parse(context.Attributes[0], cancellationToken);
    }

    private ProxyResult Parse(AttributeData attribute, CancellationToken cancellationToken)
    {
        CheckDeclaration();
        string remoteName = attribute.FirstText() ?? JstpNaming.InterfaceName(_interface.Name);
        CheckName(remoteName, attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken).GetLocation());

        foreach (ISymbol member in Members())
        {
            cancellationToken.ThrowIfCancellationRequested();
            _members.Parse(member);
        }

        ProxyModel? model = _diagnostics.IsEmpty && !_members.HasUnknownTypes ? Model(remoteName) : null;

        return new ProxyResult(model, _diagnostics.ToArray());
    }

    private ProxyModel Model(string remoteName) => new(
        _interface.FullName().Replace("@", "").Replace('+', '.') + ".g.cs",
        _interface.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted)) : null,
        ContainingTypes().ToEquatableArray(),
        _declaration.Identifier.Text,
        SymbolText.OfPresent(_interface),
        remoteName,
        _converters.IsOblivious,
        _members.Methods.ToEquatableArray(),
        _members.Events.ToEquatableArray(),
        _converters.Converters,
        _converters.Objects);

    // Those of base interfaces are part of the proxy, except what the generator has added to them.
    private IEnumerable<ISymbol> Members() => _interface.AllInterfaces
        .Where(static inherited => inherited.OriginalDefinition.FullName() != ProxyContract)
        .Reverse()
        .Append(_interface)
        .SelectMany(static type => type.GetMembers());

    private void CheckDeclaration()
    {
        if (!_declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            _diagnostics.Add(Descriptors.NotPartial, _declaration.Identifier.GetLocation(), _interface.Name);
        }

        for (INamedTypeSymbol? type = _interface; type is not null; type = type.ContainingType)
        {
            if (!type.TypeParameters.IsEmpty)
            {
                _diagnostics.Add(Descriptors.Generic, _declaration.Identifier.GetLocation(), _interface.Name);
                break;
            }
        }

        foreach (TypeDeclarationSyntax outer in _declaration.Ancestors().OfType<TypeDeclarationSyntax>())
        {
            if (!outer.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                _diagnostics.Add(Descriptors.ContainerNotPartial, outer.Identifier.GetLocation(), outer.Identifier.Text, _interface.Name);
            }
        }
    }

    private void CheckName(string name, Location? location)
    {
        if (!JstpNaming.IsUsable(name))
        {
            _diagnostics.Add(Descriptors.UnusableName, location, name);
        }
    }

    private IEnumerable<string> ContainingTypes() => _declaration.Ancestors().OfType<TypeDeclarationSyntax>().Reverse().Select(static outer =>
        outer is RecordDeclarationSyntax record
            ? $"partial record {(record.ClassOrStructKeyword.IsKind(SyntaxKind.StructKeyword) ? "struct " : "")}{outer.Identifier.Text}"
            : $"partial {outer.Keyword.Text} {outer.Identifier.Text}");
}
