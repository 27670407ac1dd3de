using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jstp.Transport.Mdsf.Converters;
using Jstp.Transport.Mdsf.Json;

namespace Jstp.Transport.Mdsf;

/// <summary>
/// Converts .NET values to MDSF and back by the rules of mdsf.md, section 5.4. Immutable, and safe for use from many threads.
/// </summary>
[RequiresUnreferencedCode(RunTimeTypes.Message)]
[RequiresDynamicCode(RunTimeTypes.Message)]
public sealed class MdsfSerializer
{
    private readonly ConcurrentDictionary<Type, MdsfConverter> _converters = new();
    private readonly ConverterFactory _factory;

    /// <summary>Makes a serializer.</summary>
    /// <param name="jsonOptions">
    /// How System.Text.Json sees users' types: naming, attributes, source-generated contracts, converters. A copy is made, and the rules
    /// for dates, enums and numbers are added behind the converters it has. By default names are camelCase and null is refused
    /// where a type's annotations rule it out, as <see cref="CreateJsonOptions"/> sets it up.
    /// </param>
    public MdsfSerializer(JsonSerializerOptions? jsonOptions = null)
    {
        JsonSerializerOptions options = jsonOptions is null ? CreateJsonOptions() : new JsonSerializerOptions(jsonOptions);
        int usersConverters = options.Converters.Count;
        options.Converters.Add(new MdsfJsonConverterFactory(this));
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(ContractRules.Apply);
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.WriteIndented = false;

        if (options.MaxDepth == 0)
        {
            options.MaxDepth = MdsfWriter.MaxDepth;
        }

        options.MakeReadOnly();
        _factory = new ConverterFactory(this, options, usersConverters);
    }

    /// <summary>A serializer with default options.</summary>
    public static MdsfSerializer Default { get; } = new();

    /// <summary>Makes the options that a serializer has by default, to be changed and passed to the constructor.</summary>
    public static JsonSerializerOptions CreateJsonOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
    };

    /// <summary>Finds the converter for a type; keep it where the type is used often.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <exception cref="MdsfConversionException">Values of the type cannot be converted.</exception>
    public MdsfConverter<T> GetConverter<T>() => (MdsfConverter<T>)GetConverter(typeof(T));

    /// <summary>Finds the converter for a type; keep it where the type is used often.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="MdsfConversionException">Values of the type cannot be converted.</exception>
    public MdsfConverter GetConverter(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _converters.TryGetValue(type, out MdsfConverter? converter)
            ? converter
            : _converters.GetOrAdd(type, _factory.Create(type));
    }

    /// <summary>
    /// Finds the converter for a parameter of a method: of its type, and refusing null and undefined where the parameter is of a reference
    /// type that is not annotated as nullable.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <exception cref="MdsfConversionException">Values of the type cannot be converted.</exception>
    public MdsfConverter GetConverter(ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        MdsfConverter converter = GetConverter(parameter.ParameterType);

        return ConverterFactory.IsRequired(parameter) ? ConverterFactory.Require(converter) : converter;
    }

    /// <summary>Writes a value. Nothing is written if the value cannot be written as a whole.</summary>
    /// <typeparam name="T">The type that decides how the value is written.</typeparam>
    /// <param name="output">Takes the text.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="MdsfConversionException">MDSF cannot hold the value.</exception>
    public void Serialize<T>(IBufferWriter<byte> output, T value)
    {
        var writer = new MdsfWriter(output);
        GetConverter<T>().Write(ref writer, value);
        writer.Flush();
    }

    /// <summary>Makes the text of a value.</summary>
    /// <typeparam name="T">The type that decides how the value is written.</typeparam>
    /// <param name="value">The value.</param>
    /// <exception cref="MdsfConversionException">MDSF cannot hold the value.</exception>
    public byte[] SerializeToUtf8Bytes<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        Serialize(output, value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Makes the text of a value.</summary>
    /// <typeparam name="T">The type that decides how the value is written.</typeparam>
    /// <param name="value">The value.</param>
    /// <exception cref="MdsfConversionException">MDSF cannot hold the value.</exception>
    public string SerializeToString<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        Serialize(output, value);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Reads a text.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="utf8">The text: one value, with white space and comments around it.</param>
    /// <param name="options">The limits; the default value stands for the default limits.</param>
    /// <exception cref="MdsfException">The text is not MDSF, is not UTF-8, or exceeds a limit.</exception>
    /// <exception cref="MdsfConversionException">The value does not fit the type.</exception>
    public T Deserialize<T>(ReadOnlySpan<byte> utf8, MdsfReaderOptions options = default)
    {
        MdsfConverter<T> converter = GetConverter<T>();
        var reader = new MdsfReader(utf8, options);
        reader.Read();
        T value = converter.Read(ref reader);
        reader.Read();
        return value;
    }
}
