using System.Text.Json.Serialization;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>An enum, one of whose values travels under another name.</summary>
public enum Colour
{
    Red,

    [JsonStringEnumMemberName("dark-green")]
    Green,
}
