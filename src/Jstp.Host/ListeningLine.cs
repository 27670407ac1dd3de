namespace Jstp.Host;

/// <summary>Says where clients reach the node.</summary>
internal static class ListeningLine
{
    /// <summary>Turns the URL of an HTTP server into that of its WebSocket server.</summary>
    public static string ToWebSocketUrl(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "wss" + url["https".Length..] : "ws" + url["http".Length..];
}
