using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Jstp.PublicApi.Tests;

/// <summary>The line of a member.</summary>
internal static class MemberDeclaration
{
    public static string Of(FieldInfo field)
    {
        if (field.DeclaringType!.IsEnum)
        {
            return $"{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}";
        }

        string kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string value = field.IsLiteral ? $" = {Constant(field.GetRawConstantValue())}" : "";

        return $"{(field.IsPublic ? "public" : "protected")} {kind}{TypeNames.Used(field.FieldType, Context.Create(field))} {field.Name}{value}";
    }

    public static string Of(PropertyInfo property)
    {
        MethodInfo[] accessors = property.GetAccessors(nonPublic: true);
        MethodInfo main = Array.Find(accessors, static accessor => accessor.IsPublic) ?? accessors[0];
        ParameterInfo[] index = property.GetIndexParameters();
        string name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";

        string words = Accessor(property.GetMethod, main, "get") + Accessor(property.SetMethod, main, Setter(property));

        return $"{Modifiers(main)}{required}{Returned(property)} {name} {{ {words}}}";
    }

    public static string Of(EventInfo @event) =>
        $"{Modifiers(@event.AddMethod!)}event {TypeNames.Used(@event.EventHandlerType!, Context.Create(@event))} {@event.Name}";

    public static string Of(ConstructorInfo constructor)
    {
        string name = constructor.DeclaringType!.Name.Split('`')[0];

        return $"{Modifiers(constructor)}{name}({Parameters(constructor)})";
    }

    public static string Of(MethodInfo method)
    {
        Type[] generic = method.IsGenericMethod ? method.GetGenericArguments() : [];
        string name = method.Name.StartsWith("op_", StringComparison.Ordinal) ? Operator(method) : $"{Returned(method)} {method.Name}";
        string parameters = generic.Length == 0 ? "" : $"<{string.Join(", ", generic.Select(static one => one.Name))}>";

        return $"{Modifiers(method)}{name}{parameters}({Parameters(method)}){TypeDeclaration.Constraints(generic)}";
    }

    /// <summary>What a method returns.</summary>
    public static string Returned(MethodInfo method)
    {
        ParameterInfo result = method.ReturnParameter;
        string reference = !result.ParameterType.IsByRef ? "" : result.IsDefined(typeof(IsReadOnlyAttribute)) ? "ref readonly " : "ref ";

        return reference + TypeNames.Used(result.ParameterType, Context.Create(result));
    }

    /// <summary>The parameters of a method or constructor.</summary>
    public static string Parameters(MethodBase method)
    {
        string self = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";

        return self + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    // One for each use: it remembers what it has seen, and is for one thread.
    private static NullabilityInfoContext Context => new();

    private static string Operator(MethodInfo method) => method.Name switch
    {
        "op_Implicit" => $"implicit operator {Returned(method)}",
        "op_Explicit" => $"explicit operator {Returned(method)}",
        "op_Equality" => $"{Returned(method)} operator ==",
        "op_Inequality" => $"{Returned(method)} operator !=",
        _ => $"{Returned(method)} operator {method.Name["op_".Length..]}",
    };

    private static string Returned(PropertyInfo property)
    {
        string reference = property.PropertyType.IsByRef ? "ref " : "";

        return reference + TypeNames.Used(property.PropertyType, Context.Create(property));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string passing = parameter switch
        {
            { IsOut: true, ParameterType.IsByRef: true } => "out ",
            { ParameterType.IsByRef: true } when parameter.IsDefined(typeof(RequiresLocationAttribute)) => "ref readonly ",
            { IsIn: true, ParameterType.IsByRef: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) => "params ",
            _ => "",
        };
        string value = parameter.HasDefaultValue ? $" = {Default(parameter)}" : "";

        return $"{passing}{TypeNames.Used(parameter.ParameterType, Context.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Setter(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true ? "init" : "set";

    private static string Accessor(MethodInfo? accessor, MethodInfo main, string word) => accessor switch
    {
        { IsPublic: true } => $"{word}; ",
        { IsFamily: true } or { IsFamilyOrAssembly: true } => main.IsPublic ? $"protected {word}; " : $"{word}; ",
        _ => "",
    };

    private static string Modifiers(MethodBase method)
    {
        if (method.DeclaringType!.IsInterface)
        {
            return method.IsStatic ? "static " : "";
        }

        string access = method.IsPublic ? "public " : "protected ";
        bool isOverride = method is MethodInfo overriding && overriding.GetBaseDefinition() != overriding;

        return access + method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } when isOverride => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            { IsVirtual: true } when isOverride => "sealed override ",
            _ => "",
        };
    }

    private static string Default(ParameterInfo parameter) =>
        parameter.DefaultValue is null && (!parameter.ParameterType.IsValueType || Nullable.GetUnderlyingType(parameter.ParameterType) is not null)
            ? "null"
            : Constant(parameter.DefaultValue);

    private static string Constant(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        char character => $"'{character}'",
        Enum named => $"{named.GetType().Name}.{named}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "default",
    };
}
