using System.Collections.Immutable;
using Jstp.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Parsing;

/// <summary>How values of a user's type travel as objects: as its System.Text.Json contract has it, as far as that can be known at compile time.</summary>
internal sealed class ObjectContract
{
    private const string Json = TypeNames.JsonNamespace;

    private static readonly HashSet<string> KnownAttributes = new(StringComparer.Ordinal)
    {
        Json + ".JsonPropertyNameAttribute",
        Json + ".JsonIgnoreAttribute",
        Json + ".JsonConstructorAttribute",
        Json + ".JsonRequiredAttribute",
        Json + ".JsonStringEnumMemberNameAttribute",
        Json + ".JsonSerializableAttribute",
    };

    private readonly INamedTypeSymbol _type;
    private readonly List<IPropertySymbol> _properties;
    private readonly IMethodSymbol _constructor;

    /// <exception cref="UnsupportedTypeException">The type cannot travel as an object.</exception>
    public ObjectContract(INamedTypeSymbol type, Predicate<ITypeSymbol> isAccessible)
    {
        _type = type;
        ThrowIfUnfit(isAccessible);
        _properties = [.. Properties()];
        _constructor = Constructor();
    }

    /// <summary>Refuses attributes of System.Text.Json that act at run time only.</summary>
    public static void ThrowIfAttributed(ITypeSymbol type, ISymbol? member = null)
    {
        foreach (AttributeData attribute in (member ?? type).GetAttributes())
        {
            string name = attribute.AttributeClass?.FullName() ?? "";

            if (name.StartsWith(Json + ".", StringComparison.Ordinal) && !KnownAttributes.Contains(name))
            {
                string place = member is null ? "it" : $"'{member.Name}'";
                throw new UnsupportedTypeException(type, $"{place} has [{attribute.AttributeClass!.Name}], which acts at run time only; use a type without it, or MdsfValue");
            }
        }
    }

    /// <summary>Makes the model, with converters of the members from <paramref name="findConverter"/>.</summary>
    public ObjectModel Build(string converterName, Func<ITypeSymbol, string> findConverter)
    {
        List<ObjectMemberModel> members = [];
        List<int> constructorMembers = [.. _constructor.Parameters.Select(parameter => _properties.IndexOf(PropertyOf(parameter)))];

        for (int i = 0; i < _properties.Count; i++)
        {
            int position = constructorMembers.IndexOf(i);
            members.Add(Member(_properties[i], position < 0 ? null : _constructor.Parameters[position], findConverter));
        }

        return new ObjectModel(converterName, SymbolText.OfPresent(_type), _type.IsValueType, constructorMembers.ToEquatableArray(), members.ToEquatableArray());
    }

    private void ThrowIfUnfit(Predicate<ITypeSymbol> isAccessible)
    {
        if (_type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || _type.IsAbstract)
        {
            throw new UnsupportedTypeException(_type, "nobody could say which type to make of what comes; use a class or record that is not abstract");
        }

        string space = _type.ContainingNamespace.ToDisplayString();

        if (space == "System" || space.StartsWith("System.", StringComparison.Ordinal))
        {
            throw new UnsupportedTypeException(_type, "MDSF has nothing like it; use a string, a number, a record of your own, or MdsfValue");
        }

        if (!isAccessible(_type))
        {
            throw new UnsupportedTypeException(_type, "it cannot be reached from here");
        }

        ThrowIfAttributed(_type);
    }

    // The most derived property of a name hides the others.
    private IEnumerable<IPropertySymbol> Properties()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);

        for (INamedTypeSymbol? current = _type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (IPropertySymbol property in current.GetMembers().OfType<IPropertySymbol>())
            {
                if (property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public }
                    && seen.Add(property.Name) && !IsIgnored(property))
                {
                    ThrowIfAttributed(_type, property);
                    yield return property;
                }
            }
        }
    }

    private bool IsIgnored(IPropertySymbol property) => IgnoreCondition(property) switch
    {
        null or "Never" or "WhenWritingNull" => false,
        "Always" => true,
        string other => throw new UnsupportedTypeException(_type, $"'{property.Name}' has JsonIgnoreCondition.{other}; use Always, Never or WhenWritingNull"),
    };

    private static string? IgnoreCondition(IPropertySymbol property)
    {
        if (property.FindAttribute(Json + ".JsonIgnoreAttribute") is not { } attribute)
        {
            return null;
        }

        TypedConstant condition = attribute.NamedArguments.FirstOrDefault(static argument => argument.Key == "Condition").Value;

        return condition.Type is INamedTypeSymbol type
            ? type.GetMembers().OfType<IFieldSymbol>().First(field => Equals(field.ConstantValue, condition.Value)).Name
            : "Always";
    }

    // As System.Text.Json chooses it: the marked one, else the one without parameters, else the only one.
    private IMethodSymbol Constructor()
    {
        ImmutableArray<IMethodSymbol> all = _type.InstanceConstructors;
        IMethodSymbol? marked = all.FirstOrDefault(static constructor => constructor.FindAttribute(Json + ".JsonConstructorAttribute") is not null);
        List<IMethodSymbol> open = [.. all.Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public)];
        IMethodSymbol? chosen = marked ?? open.Find(static constructor => constructor.Parameters.IsEmpty) ?? (open.Count == 1 ? open[0] : null);

        if (chosen is not { DeclaredAccessibility: Accessibility.Public })
        {
            throw new UnsupportedTypeException(_type, "it needs a public constructor: one without parameters, only one, or one with [JsonConstructor]");
        }

        foreach (IParameterSymbol parameter in chosen.Parameters)
        {
            PropertyOf(parameter);
        }

        return chosen;
    }

    private IPropertySymbol PropertyOf(IParameterSymbol parameter) =>
        _properties.Find(property => string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
            && SymbolEqualityComparer.Default.Equals(property.Type, parameter.Type))
        ?? throw new UnsupportedTypeException(_type, $"its constructor takes '{parameter.Name}', but it has no property of that name and type");

    private ObjectMemberModel Member(IPropertySymbol property, IParameterSymbol? parameter, Func<ITypeSymbol, string> findConverter)
    {
        ITypeSymbol type = parameter?.Type ?? property.Type;
        MemberAccess access = parameter is null ? Access(property) : MemberAccess.Constructor;
        bool isNullable = type.IsReferenceType
            ? type.NullableAnnotation != NullableAnnotation.NotAnnotated
            : type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        bool isRequired = parameter is null
            ? property.IsRequired || property.FindAttribute(Json + ".JsonRequiredAttribute") is not null
            : !parameter.HasExplicitDefaultValue && !isNullable;

        return new ObjectMemberModel(
            SymbolText.Identifier(property.Name),
            property.FindAttribute(Json + ".JsonPropertyNameAttribute")?.FirstText() ?? JstpNaming.CamelCase(property.Name),
            SymbolText.Of(type),
            findConverter(type),
            access,
            isRequired && access != MemberAccess.None,
            parameter is null ? "default!" : SymbolText.DefaultOf(parameter),
            SymbolText.OfPresent(property.ContainingType),
            property.GetMethod is { DeclaredAccessibility: Accessibility.Public },
            IgnoreCondition(property) == "WhenWritingNull" && isNullable);
    }

    private MemberAccess Access(IPropertySymbol property)
    {
        if (property.SetMethod is not { DeclaredAccessibility: Accessibility.Public } setter)
        {
            return MemberAccess.None;
        }

        if (property.IsRequired)
        {
            return MemberAccess.Initializer;
        }

        if (!setter.IsInitOnly)
        {
            return MemberAccess.Setter;
        }

        return property.ContainingType.IsGenericType
            ? throw new UnsupportedTypeException(_type, $"'{property.Name}' is init only in a generic type; give it a setter, make it required, or a parameter of the constructor")
            : MemberAccess.InitAccessor;
    }
}
