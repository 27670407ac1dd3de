using Jstp.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Parsing;

/// <summary>Chooses a converter for each type that an interface uses, and keeps one field for each.</summary>
/// <param name="compilation">The program.</param>
/// <param name="user">The interface, which must be able to name the types.</param>
internal sealed class ConverterCatalog(Compilation compilation, INamedTypeSymbol user)
{
    private const int MaxNesting = 32; // of types in types, which a generic type that holds a larger one of itself never ends
    private const string Library = "global::Jstp.Transport.Mdsf.MdsfConverters.";

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _usedNames = new(StringComparer.Ordinal);
    private readonly List<ConverterModel> _converters = [];
    private readonly List<ConverterModel> _objectConverters = [];
    private readonly List<ObjectModel> _objects = [];
    private int _nesting;

    /// <summary>Whether a type was met that says nothing about null; it is taken for one that allows it.</summary>
    public bool IsOblivious { get; private set; }

    public EquatableArray<ObjectModel> Objects => _objects.ToEquatableArray();

    /// <summary>All converters, each behind those that it is made of. Those of users' types need none when they are made.</summary>
    public EquatableArray<ConverterModel> Converters => _objectConverters.Concat(_converters).ToEquatableArray();

    /// <summary>Finds the converter of a type.</summary>
    /// <returns>The name of its field.</returns>
    /// <exception cref="UnsupportedTypeException">Values of the type cannot be converted; the message says why and what to do.</exception>
    public string Find(ITypeSymbol type)
    {
        if (++_nesting > MaxNesting)
        {
            throw new UnsupportedTypeException(type, "its types nest too deeply");
        }

        try
        {
            return type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.NotAnnotated ? FindRequired(type) : FindOptional(type);
        }
        finally
        {
            _nesting--;
        }
    }

    private string FindRequired(ITypeSymbol type)
    {
        string text = SymbolText.Of(type);

        if (_names.TryGetValue(text, out string? known))
        {
            return known;
        }

        string optional = FindOptional(type.WithNullableAnnotation(NullableAnnotation.Annotated));

        // A type that holds itself has come here already, on the way.
        if (_names.TryGetValue(text, out known))
        {
            return known;
        }

        // Null and undefined are values of MdsfValue, and not null references.
        string initializer = type.FullName() == TypeNames.MdsfValue ? $"{Library}Value!" : $"{Library}Required<{text}>({optional})";

        return Add(_converters, text, text, ConverterNames.Of(type), initializer);
    }

    private string FindOptional(ITypeSymbol type)
    {
        string text = SymbolText.Of(type);
        bool isOblivious = type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.None;
        IsOblivious |= isOblivious;
        string key = isOblivious ? text + "?" : text;

        if (_names.TryGetValue(key, out string? known))
        {
            return known;
        }

        string name = type.IsReferenceType ? "Optional" + ConverterNames.Of(type) : ConverterNames.Of(type);

        return Initializer(type) is { } initializer ? Add(_converters, key, text, name, initializer) : AddObject(type, key, text, name);
    }

    /// <summary>How the library makes the converter; null for a type of the user's.</summary>
    private string? Initializer(ITypeSymbol type)
    {
        ThrowIfImpossible(type);

        if (TypeNames.TryGetSimple(type.FullName(), out string simple))
        {
            return Library + simple;
        }

        return type switch
        {
            IArrayTypeSymbol array => ArrayInitializer(array),
            INamedTypeSymbol { TypeKind: TypeKind.Enum } @enum => EnumInitializer(@enum),
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable =>
                $"{Library}Nullable<{SymbolText.Of(nullable.TypeArguments[0])}>({Find(nullable.TypeArguments[0])})",
            INamedTypeSymbol { IsTupleType: true } tuple => TupleInitializer(tuple),
            INamedTypeSymbol named => NamedInitializer(named),
            _ => throw new UnsupportedTypeException(type, "MDSF has nothing like it"),
        };
    }

    private static void ThrowIfImpossible(ITypeSymbol type)
    {
        string? reason = type switch
        {
            { TypeKind: TypeKind.Dynamic } or { SpecialType: SpecialType.System_Object } => "use MdsfValue for values whose shape is not known",
            { TypeKind: TypeKind.Error } => "it does not exist",
            { TypeKind: TypeKind.Delegate } => "code does not travel",
            { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } or { IsRefLikeType: true } => "it is an address in memory",
            { TypeKind: TypeKind.TypeParameter } => "it is not known at compile time",
            _ when type.FullName() == TypeNames.CancellationToken => "a cancellation token belongs to a call, as its last parameter",
            _ => null,
        };

        if (reason is not null)
        {
            throw new UnsupportedTypeException(type, reason);
        }
    }

    private string ArrayInitializer(IArrayTypeSymbol array)
    {
        if (!array.IsSZArray)
        {
            throw new UnsupportedTypeException(array, "MDSF has arrays of one dimension; use an array of arrays");
        }

        return array.ElementType.SpecialType == SpecialType.System_Byte
            ? Library + "Bytes"
            : $"{Library}Array<{SymbolText.Of(array.ElementType)}>({Find(array.ElementType)})";
    }

    private static string EnumInitializer(INamedTypeSymbol @enum)
    {
        ObjectContract.ThrowIfAttributed(@enum);
        string type = SymbolText.Of(@enum);
        IEnumerable<string> names = @enum.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue).Select(field =>
            $"({SymbolText.Literal(field.FindAttribute(TypeNames.JsonNamespace + ".JsonStringEnumMemberNameAttribute")?.FirstText() ?? field.Name)}, {type}.{SymbolText.Identifier(field.Name)})");

        return $"{Library}Enum<{type}>({string.Join(", ", names)})";
    }

    private string TupleInitializer(INamedTypeSymbol tuple)
    {
        if (tuple.TupleElements.Length > 4)
        {
            throw new UnsupportedTypeException(tuple, "tuples inside of values have two to four elements; use a record");
        }

        string types = string.Join(", ", tuple.TupleElements.Select(static element => SymbolText.Of(element.Type)));
        string converters = string.Join(", ", tuple.TupleElements.Select(element => Find(element.Type)));

        return $"{Library}Tuple<{types}>({converters})";
    }

    private string? NamedInitializer(INamedTypeSymbol type)
    {
        string definition = type.FullName();

        if (definition == TypeNames.MdsfValue)
        {
            return Library + "Value";
        }

        if (definition == "System.ReadOnlyMemory`1" && type.TypeArguments[0].SpecialType == SpecialType.System_Byte)
        {
            return Library + "Memory";
        }

        if (definition == "System.Collections.Immutable.ImmutableArray`1")
        {
            return $"{Library}ImmutableArray<{SymbolText.Of(type.TypeArguments[0])}>({Find(type.TypeArguments[0])})";
        }

        if (TypeNames.IsList(definition))
        {
            return $"{Library}List<{SymbolText.OfPresent(type)}, {SymbolText.Of(type.TypeArguments[0])}>({Find(type.TypeArguments[0])})";
        }

        if (TypeNames.IsDictionary(definition))
        {
            return type.TypeArguments[0].SpecialType == SpecialType.System_String
                ? $"{Library}Dictionary<{SymbolText.OfPresent(type)}, {SymbolText.Of(type.TypeArguments[1])}>({Find(type.TypeArguments[1])})"
                : throw new UnsupportedTypeException(type, "the keys of objects are strings");
        }

        return null;
    }

    private string AddObject(ITypeSymbol type, string key, string text, string name)
    {
        var contract = new ObjectContract((INamedTypeSymbol)type, candidate => compilation.IsSymbolAccessibleWithin(candidate, user));
        string converterName = Unused(name + "Converter");

        // Known before its members are looked at: a type may hold itself.
        string field = Add(_objectConverters, key, text, name, $"new {converterName}()");
        _objects.Add(contract.Build(converterName, Find));

        return field;
    }

    private string Add(List<ConverterModel> converters, string key, string type, string name, string initializer)
    {
        string field = Unused(name);
        _names.Add(key, field);
        converters.Add(new ConverterModel(field, type, initializer));

        return field;
    }

    private string Unused(string name)
    {
        string candidate = name;

        for (int i = 2; !_usedNames.Add(candidate); i++)
        {
            candidate = name + i;
        }

        return candidate;
    }
}
