using System.Reflection;

namespace Jstp.PublicApi.Tests;

/// <summary>Types as C# has them, without their namespaces.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>A type where it is declared: with the types around it, and the names of its parameters.</summary>
    public static string Declared(Type type)
    {
        string name = Plain(type);
        Type[] parameters = type.GetGenericArguments();
        string own = parameters.Length == 0 ? name : $"{name}<{string.Join(", ", parameters.Select(Variance))}>";

        return type.DeclaringType is { } outer ? $"{Declared(outer)}.{own}" : own;
    }

    /// <summary>A type where it is used, with what is known of its nullability.</summary>
    public static string Used(Type type, NullabilityInfo? nullability = null)
    {
        if (type.IsByRef)
        {
            return Used(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Used(underlying) + "?";
        }

        // Of type parameters it is not known whether a question mark was written: what they stand for may be nullable.
        bool isNullable = nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable };
        string mark = isNullable && !type.IsValueType && !type.IsGenericParameter ? "?" : "";

        if (type.IsArray)
        {
            return $"{Used(type.GetElementType()!, nullability?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        }

        if (type.IsPointer)
        {
            return Used(type.GetElementType()!) + "*";
        }

        return Keywords.TryGetValue(type, out string? keyword) ? keyword + mark : Named(type, nullability) + mark;
    }

    private static string Named(Type type, NullabilityInfo? nullability)
    {
        if (!type.IsGenericType)
        {
            return type.IsNested && !type.IsGenericParameter ? $"{Named(type.DeclaringType!, null)}.{type.Name}" : type.Name;
        }

        IEnumerable<string> arguments = type.GetGenericArguments().Select((argument, i) =>
            Used(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));

        return type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)
            ? $"({string.Join(", ", arguments)})"
            : $"{Plain(type)}<{string.Join(", ", arguments)}>";
    }

    private static string Plain(Type type)
    {
        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);

        return tick < 0 ? type.Name : type.Name[..tick];
    }

    private static string Variance(Type parameter) => (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
    {
        GenericParameterAttributes.Covariant => "out " + parameter.Name,
        GenericParameterAttributes.Contravariant => "in " + parameter.Name,
        _ => parameter.Name,
    };
}
