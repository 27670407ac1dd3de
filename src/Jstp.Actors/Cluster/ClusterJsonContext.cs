using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jstp.Actors.Cluster;

/// <summary>How messages between nodes are written as JSON.</summary>
[JsonSerializable(typeof(ClusterMessageForm[]))]
internal sealed partial class ClusterJsonContext : JsonSerializerContext
{
    /// <summary>Events are full of characters that the default encoder escapes for the sake of HTML, which no message gets near.</summary>
    public static ClusterJsonContext Compact { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
