using System.Text.Json;

namespace Jstp.Client.Tests.Replay;

/// <summary>A recorded exchange of <c>tests/data/jstp-transcripts.json</c>; its format is described there.</summary>
public sealed record Transcript(string Id, IReadOnlyList<TranscriptLine> Lines)
{
    private static readonly JsonElement Root = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "jstp-transcripts.json"))).RootElement;

    public static IReadOnlyList<Transcript> All { get; } =
    [
        .. Root.GetProperty("transcripts").EnumerateArray().Select(static transcript => new Transcript(
            transcript.GetProperty("id").GetString()!, [.. transcript.GetProperty("messages").EnumerateArray().Select(TranscriptLine.Read)])),
    ];

    public override string ToString() => Id;
}
