using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Jstp.PublicApi.Tests;

/// <summary>Everything that a library shows to others, one line a type or member, in an order that does not depend on where it stands in the sources.</summary>
internal static class ApiListing
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string[] Of(Assembly assembly)
    {
        var lines = new List<string>();

        IEnumerable<IGrouping<string?, Type>> namespaces = assembly.GetExportedTypes().GroupBy(static type => type.Namespace);

        foreach (IGrouping<string?, Type> group in namespaces.OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            lines.Add($"namespace {group.Key}");
            lines.Add("");

            foreach (Type type in group.OrderBy(TypeNames.Declared, StringComparer.Ordinal))
            {
                lines.Add(TypeDeclaration.Of(type));
                lines.AddRange(MembersOf(type).Select(static line => "    " + line));
                lines.Add("");
            }
        }

        return [.. lines];
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            return []; // its signature is in the declaration
        }

        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .OrderBy(static field => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture))
                .Select(MemberDeclaration.Of);
        }

        return type.GetMembers(Declared)
            .Where(static member => !IsGenerated(member))
            .Select(static member => (Rank: Rank(member), member.Name, Line: LineOf(member)))
            .Where(static member => member.Line is not null)
            .OrderBy(static member => member.Rank)
            .ThenBy(static member => member.Name, StringComparer.Ordinal)
            .ThenBy(static member => member.Line, StringComparer.Ordinal)
            .Select(static member => member.Line!);
    }

    private static string? LineOf(MemberInfo member) => member switch
    {
        FieldInfo field when IsVisible(field.Attributes) => MemberDeclaration.Of(field),
        PropertyInfo property when IsVisible(property) => MemberDeclaration.Of(property),
        EventInfo { AddMethod: { } add } @event when IsVisible(add) => MemberDeclaration.Of(@event),
        ConstructorInfo constructor when IsVisible(constructor) && !constructor.IsStatic => MemberDeclaration.Of(constructor),
        MethodInfo method when IsVisible(method) && !IsAccessor(method) => MemberDeclaration.Of(method),
        _ => null,
    };

    private static int Rank(MemberInfo member) => member switch
    {
        FieldInfo => 0,
        ConstructorInfo => 1,
        PropertyInfo => 2,
        EventInfo => 3,
        _ => 4,
    };

    // What the compiler writes for records is known from the word; the members that hold an enum's value are known from its kind.
    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member is FieldInfo { IsSpecialName: true }
        || (member is not PropertyInfo && member.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsVisible(PropertyInfo property) => property.GetAccessors(nonPublic: true).Any(IsVisible);

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;
}
