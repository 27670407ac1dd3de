using System.Text.Json;

namespace Jstp.Transport.Tests.Protocol;

/// <summary>The exchanges with the reference server in <c>tests/data/jstp-transcripts.json</c>.</summary>
internal static class Transcripts
{
    private static readonly JsonElement Root = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "jstp-transcripts.json"))).RootElement;

    /// <summary>Every message text, of both sides, with the transcript that it stands in.</summary>
    public static IEnumerable<(string Transcript, string Text)> Messages =>
        from transcript in Root.GetProperty("transcripts").EnumerateArray()
        from message in transcript.GetProperty("messages").EnumerateArray()
        where message.TryGetProperty("text", out _)
        select (transcript.GetProperty("id").GetString()!, message.GetProperty("text").GetString()!);

    /// <summary>Handshake requests with the version that must serve them; null for error 10.</summary>
    public static IEnumerable<(string Request, string? Version)> VersionLookups =>
        from lookup in Root.GetProperty("versionLookups").GetProperty("cases").EnumerateArray()
        select (lookup.GetProperty("request").GetString()!, Text(lookup, "jstpActorsMayAnswer") ?? Text(lookup, "version"));

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
