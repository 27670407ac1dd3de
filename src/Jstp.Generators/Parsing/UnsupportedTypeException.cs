using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Parsing;

/// <summary>Values of a type cannot be converted. Ends the parsing of one member, which is told of it.</summary>
internal sealed class UnsupportedTypeException(ITypeSymbol type, string reason) : Exception(reason)
{
    public ITypeSymbol Type { get; } = type;
}
