using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf.Converters;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>Makes the rules for .NET values (mdsf.md, section 5.4) hold inside of users' types as well.</summary>
[RequiresUnreferencedCode(RunTimeTypes.Message)]
[RequiresDynamicCode(RunTimeTypes.Message)]
internal sealed class MdsfJsonConverterFactory(MdsfSerializer serializer) : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert == typeof(object)
        || typeToConvert == typeof(string)
        || typeToConvert == typeof(double)
        || typeToConvert == typeof(float)
        || typeToConvert == typeof(DateTime)
        || typeToConvert == typeof(DateTimeOffset)
        || typeToConvert == typeof(MdsfValue)
        || UnsupportedTypes.Contains(typeToConvert)
        || TupleTypes.TryGetConverter(typeToConvert, out _)
        || (typeToConvert.IsEnum && !typeToConvert.IsDefined(typeof(JsonConverterAttribute), inherit: false));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        serializer.GetConverter(typeToConvert).CreateJsonConverter();
}
