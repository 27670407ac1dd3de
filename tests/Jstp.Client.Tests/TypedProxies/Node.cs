using System.Text.Json.Serialization;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>A class with members of every kind, which holds others of its own.</summary>
public sealed class Node
{
    public required string Name { get; set; }

    public Node? Next { get; set; }

    public List<Node> Children { get; init; } = [];

    public Place Place { get; set; }

    public int Size { get; private set; } = 7;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hint { get; set; }

    [JsonPropertyName("the tags")]
    public Dictionary<string, DateTimeOffset>? Tags { get; init; }

    [JsonIgnore]
    public string Secret { get; set; } = "secret";
}
