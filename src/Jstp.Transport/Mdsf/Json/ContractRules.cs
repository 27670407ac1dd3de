using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>What MDSF changes about the System.Text.Json contract of a user's type.</summary>
internal static class ContractRules
{
    /// <summary>Changes a contract that is being made.</summary>
    public static void Apply(JsonTypeInfo contract)
    {
        if (contract.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (JsonPropertyInfo member in contract.Properties)
        {
            RequireParameter(member);
            AllowNumberHandling(member);
        }
    }

    // A member that is absent is undefined: null where the parameter takes null, an error where not (mdsf.md, section 5.4).
    private static void RequireParameter(JsonPropertyInfo member)
    {
        if (member.AssociatedParameter is not { HasDefaultValue: false } parameter
            || parameter.IsNullable
            || Nullable.GetUnderlyingType(parameter.ParameterType) is not null)
        {
            return;
        }

        // The constructor sets the member, but System.Text.Json wants to see a setter on whatever is required.
        member.Set ??= static (_, _) => { };
        member.IsRequired = true;
    }

    // System.Text.Json refuses the attribute on members with converters that are not its own.
    private static void AllowNumberHandling(JsonPropertyInfo member)
    {
        if (member.NumberHandling is not { } handling || member.CustomConverter is not null)
        {
            return;
        }

        JsonConverter? converter = member.PropertyType switch
        {
            Type type when type == typeof(double) => new DoubleJsonConverter<double>(handling),
            Type type when type == typeof(float) => new DoubleJsonConverter<float>(handling),
            _ => null,
        };

        if (converter is not null)
        {
            member.CustomConverter = converter;
            member.NumberHandling = null;
        }
    }
}
