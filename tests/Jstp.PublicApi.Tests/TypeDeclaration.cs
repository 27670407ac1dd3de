using System.Reflection;
using System.Runtime.CompilerServices;

namespace Jstp.PublicApi.Tests;

/// <summary>The first line of a type.</summary>
internal static class TypeDeclaration
{
    public static string Of(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;

            string signature = $"{MemberDeclaration.Returned(invoke)} {TypeNames.Declared(type)}({MemberDeclaration.Parameters(invoke)})";

            return $"{Access(type)} delegate {signature}{Constraints(type.GetGenericArguments())}";
        }

        string bases = string.Join(", ", BasesOf(type));

        return $"{Access(type)} {Kind(type)} {TypeNames.Declared(type)}{(bases.Length > 0 ? " : " + bases : "")}{Constraints(type.GetGenericArguments())}";
    }

    /// <summary>What type parameters demand, with a space before it.</summary>
    public static string Constraints(Type[] parameters) => string.Concat(parameters.Select(static parameter =>
    {
        string[] demands = [.. DemandsOf(parameter)];

        return demands.Length == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", demands)}";
    }));

    private static string Access(Type type) => type.IsNestedFamily || type.IsNestedFamORAssem ? "protected" : "public";

    private static string Kind(Type type)
    {
        bool isRecord = type.GetMethod("<Clone>$") is not null;

        if (type.IsEnum)
        {
            return type.IsDefined(typeof(FlagsAttribute)) ? "[Flags] enum" : "enum";
        }

        if (type.IsInterface)
        {
            return "interface";
        }

        if (type.IsValueType)
        {
            isRecord = type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
            string words = type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "";
            words += type.IsByRefLike ? "ref " : "";

            return words + (isRecord ? "record struct" : "struct");
        }

        string word = (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };

        return word + (isRecord ? "record" : "class");
    }

    private static IEnumerable<string> BasesOf(Type type)
    {
        if (type.IsEnum)
        {
            return [TypeNames.Used(Enum.GetUnderlyingType(type))];
        }

        Type[] inherited = [.. type.BaseType?.GetInterfaces() ?? [], .. type.GetInterfaces().SelectMany(static one => one.GetInterfaces())];
        IEnumerable<string> own = type.GetInterfaces()
            .Except(inherited)
            .Where(static one => one.IsVisible)
            .Select(static one => TypeNames.Used(one))
            .Order(StringComparer.Ordinal);

        return type.BaseType is { } @base && @base != typeof(object) && @base != typeof(ValueType) ? own.Prepend(TypeNames.Used(@base)) : own;
    }

    private static IEnumerable<string> DemandsOf(Type parameter)
    {
        GenericParameterAttributes attributes = parameter.GenericParameterAttributes;

        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            yield return "class";
        }

        if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            yield return "struct";
        }

        foreach (Type constraint in parameter.GetGenericParameterConstraints().Where(static constraint => constraint != typeof(ValueType)))
        {
            yield return TypeNames.Used(constraint);
        }

        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)
            && !attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            yield return "new()";
        }

        if (attributes.HasFlag(GenericParameterAttributes.AllowByRefLike))
        {
            yield return "allows ref struct";
        }
    }
}
