using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Parsing;

/// <summary>Names the fields of converters after their types, so that generated code can be read.</summary>
internal static class ConverterNames
{
    public static string Of(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Part(array.ElementType) + "Array",
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => "Optional" + Of(nullable.TypeArguments[0]),
        INamedTypeSymbol { IsTupleType: true } tuple => "TupleOf" + string.Join("And", tuple.TupleElements.Select(static element => Part(element.Type))),
        INamedTypeSymbol { TypeArguments.Length: > 0 } generic => generic.Name + "Of" + string.Join("And", generic.TypeArguments.Select(Part)),
        _ => type.Name,
    };

    private static string Part(ITypeSymbol type) =>
        type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated ? "Optional" + Of(type) : Of(type);
}
