using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>The tuples that have converters: of two to four elements.</summary>
internal static class TupleTypes
{
    /// <summary>Finds the open converter type for a tuple type.</summary>
    public static bool TryGetConverter(Type type, [NotNullWhen(true)] out Type? converter)
    {
        Type? definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        converter = definition switch
        {
            null => null,
            _ when definition == typeof(ValueTuple<,>) => typeof(PairConverter<,>),
            _ when definition == typeof(ValueTuple<,,>) => typeof(TripleConverter<,,>),
            _ when definition == typeof(ValueTuple<,,,>) => typeof(QuadrupleConverter<,,,>),
            _ => null,
        };
        return converter is not null;
    }
}
