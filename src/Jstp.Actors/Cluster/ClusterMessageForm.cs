using System.Text.Json.Serialization;

namespace Jstp.Actors.Cluster;

/// <summary>
/// A <see cref="ClusterMessage"/> as JSON. One flat form for all kinds: a node that meets a kind of a later version can skip it and read on.
/// </summary>
internal sealed record ClusterMessageForm
{
    [JsonPropertyName("kind")]
    public string? Kind { get; init; }

    [JsonPropertyName("ids")]
    public string?[]? SessionIds { get; init; }

    [JsonPropertyName("keys")]
    public long[]? SessionKeys { get; init; }

    [JsonPropertyName("app")]
    public string? Application { get; init; }

    [JsonPropertyName("user")]
    public string? UserName { get; init; }

    [JsonPropertyName("event")]
    public string? Tail { get; init; }
}
