using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Parsing;

internal static class SymbolExtensions
{
    /// <summary>The name of a type's definition as metadata has it, with its namespace: <c>System.Collections.Generic.List`1</c>.</summary>
    public static string FullName(this ITypeSymbol type)
    {
        if (type.ContainingType is { } outer)
        {
            return outer.FullName() + "+" + type.MetadataName;
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + type.MetadataName : type.MetadataName;
    }

    /// <summary>Finds an attribute by its full name.</summary>
    public static AttributeData? FindAttribute(this ISymbol symbol, string fullName)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass?.FullName() == fullName)
            {
                return attribute;
            }
        }

        return null;
    }

    /// <summary>The text that an attribute was given as its first argument, if any.</summary>
    public static string? FirstText(this AttributeData attribute) =>
        attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0].Value as string : null;

    /// <summary>Where a symbol is declared in source, or null if it comes from metadata.</summary>
    public static Location? SourceLocation(this ISymbol symbol) => symbol.Locations.FirstOrDefault(static location => location.IsInSource);
}
