using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Finds what the values of an enum are called; <see cref="JsonStringEnumMemberNameAttribute"/> renames.</summary>
[RequiresUnreferencedCode(RunTimeTypes.Message)]
[RequiresDynamicCode(RunTimeTypes.Message)]
internal static class EnumNames
{
    /// <summary>The values in the order of their declaration.</summary>
    public static (string Name, T Value)[] Find<T>()
        where T : struct, Enum =>
        [
            .. from field in typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
               let attribute = field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()
               select (attribute?.Name ?? field.Name, (T)field.GetValue(null)!),
        ];
}
