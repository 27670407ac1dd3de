using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Jstp.Transport.Mdsf.Json;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Decides how a type is converted. Everything here happens once for each type.</summary>
[RequiresUnreferencedCode(RunTimeTypes.Message)]
[RequiresDynamicCode(RunTimeTypes.Message)]
internal sealed class ConverterFactory(MdsfSerializer serializer, JsonSerializerOptions json, int usersConverters)
{
    private static readonly Dictionary<Type, MdsfConverter> Known = new MdsfConverter[]
    {
        MdsfConverters.Boolean,
        MdsfConverters.SByte,
        MdsfConverters.Byte,
        MdsfConverters.Int16,
        MdsfConverters.UInt16,
        MdsfConverters.Int32,
        MdsfConverters.UInt32,
        MdsfConverters.Int64,
        MdsfConverters.UInt64,
        MdsfConverters.Int128,
        MdsfConverters.UInt128,
        MdsfConverters.Double,
        MdsfConverters.Single,
        MdsfConverters.Decimal,
        MdsfConverters.Char,
        MdsfConverters.String,
        MdsfConverters.Guid,
        MdsfConverters.Uri,
        MdsfConverters.DateTime,
        MdsfConverters.DateTimeOffset,
        MdsfConverters.Bytes,
        MdsfConverters.Memory,
        MdsfConverters.Value,
    }.ToDictionary(static converter => converter.Type);

    // What a List can be assigned to.
    private static readonly HashSet<Type> ListTypes =
    [
        typeof(List<>),
        typeof(IList<>),
        typeof(IReadOnlyList<>),
        typeof(ICollection<>),
        typeof(IReadOnlyCollection<>),
        typeof(IEnumerable<>),
    ];

    private static readonly HashSet<Type> DictionaryTypes =
        [typeof(Dictionary<,>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>)];

    /// <summary>Whether a parameter's annotation rules null out, which its type alone would allow.</summary>
    public static bool IsRequired(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType
        && parameter.ParameterType != typeof(MdsfValue) // null and undefined are values of it
        && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull;

    /// <summary>Wraps the converter of a reference type so that null and undefined are errors.</summary>
    public static MdsfConverter Require(MdsfConverter converter) =>
        Make(typeof(RequiredConverter<>).MakeGenericType(converter.Type), converter);

    /// <summary>Makes the converter of a type.</summary>
    /// <exception cref="MdsfConversionException">Values of the type cannot be converted.</exception>
    public MdsfConverter Create(Type type)
    {
        if (UnsupportedTypes.Contains(type) || type.ContainsGenericParameters || type == typeof(void))
        {
            throw new MdsfConversionException($"Values of type {type.Name} cannot be converted.");
        }

        if (IsUsersBusiness(type))
        {
            return CreateFromContract(type);
        }

        if (Known.TryGetValue(type, out MdsfConverter? known))
        {
            return known;
        }

        if (type == typeof(object))
        {
            return new DynamicConverter(serializer);
        }

        if (type.IsEnum)
        {
            return Invoke(nameof(CreateEnum), type);
        }

        if (type.IsSZArray)
        {
            return Invoke(nameof(CreateArray), type.GetElementType()!);
        }

        return type.IsGenericType ? CreateGeneric(type) : CreateFromContract(type);
    }

    private static MdsfConverter Make(Type type, params object[] arguments) => (MdsfConverter)Activator.CreateInstance(type, arguments)!;

    private MdsfConverter CreateGeneric(Type type)
    {
        Type definition = type.GetGenericTypeDefinition();
        Type[] arguments = type.GetGenericArguments();

        if (definition == typeof(Nullable<>))
        {
            return Make(typeof(NullableConverter<>).MakeGenericType(arguments), serializer.GetConverter(arguments[0]));
        }

        if (ListTypes.Contains(definition))
        {
            return Invoke(nameof(CreateList), type, arguments[0]);
        }

        if (definition == typeof(ImmutableArray<>))
        {
            return Invoke(nameof(CreateImmutableArray), arguments[0]);
        }

        if (DictionaryTypes.Contains(definition) && arguments[0] == typeof(string))
        {
            return Make(typeof(DictionaryConverter<,>).MakeGenericType(type, arguments[1]), serializer.GetConverter(arguments[1]));
        }

        return TupleTypes.TryGetConverter(type, out Type? tuple)
            ? Make(tuple.MakeGenericType(arguments), [.. arguments.Select(serializer.GetConverter)])
            : CreateFromContract(type);
    }

    // A converter that the user has chosen, by attribute or in the options, goes before everything that MDSF knows about a type.
    private bool IsUsersBusiness(Type type) =>
        type.IsDefined(typeof(JsonConverterAttribute), inherit: false)
        || json.Converters.Take(usersConverters).Any(converter => converter.CanConvert(type));

    private MdsfConverter CreateFromContract(Type type)
    {
        try
        {
            JsonTypeInfo contract = json.GetTypeInfo(type);
            return Make(typeof(JsonContractConverter<>).MakeGenericType(type), contract);
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException)
        {
            throw new MdsfConversionException($"Values of type {type.Name} cannot be converted: {error.Message}", error);
        }
    }

    private MdsfConverter Invoke(string method, params Type[] arguments)
    {
        MethodInfo definition = typeof(ConverterFactory).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)!;
        return (MdsfConverter)definition.MakeGenericMethod(arguments).Invoke(this, BindingFlags.DoNotWrapExceptions, null, null, null)!;
    }

    private MdsfConverter<T[]?> CreateArray<T>() => MdsfConverters.Array(serializer.GetConverter<T>());

    private MdsfConverter<TCollection?> CreateList<TCollection, T>()
        where TCollection : class, IEnumerable<T> => MdsfConverters.List<TCollection, T>(serializer.GetConverter<T>());

    private MdsfConverter<ImmutableArray<T>> CreateImmutableArray<T>() => MdsfConverters.ImmutableArray(serializer.GetConverter<T>());

    private static EnumConverter<T> CreateEnum<T>()
        where T : struct, Enum => new(EnumNames.Find<T>());
}
