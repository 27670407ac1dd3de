using Jstp.Transport.WebSockets;

namespace Jstp.Actors.Hosting;

/// <summary>
/// The WebSocket settings that are not free on a JSTP server (WebSocket page, section 1, column F), and those that JSTP has for all its transports. The original
/// overwrites them in silence; we refuse them.
/// </summary>
internal static class FixedWebSocketSettings
{
    private static readonly WebSocketServerOptions Defaults = new();

    private static readonly (string Name, Func<WebSocketServerOptions, object?> Read, string Rule)[] Settings =
    [
        (nameof(WebSocketServerOptions.MaxReceivedFrameSize), static options => options.MaxReceivedFrameSize, Instead(nameof(JstpServerOptions.MaxMessageSize))),
        (nameof(WebSocketServerOptions.MaxReceivedMessageSize), static options => options.MaxReceivedMessageSize, Instead(nameof(JstpServerOptions.MaxMessageSize))),
        (nameof(WebSocketServerOptions.AssembleFragments), static options => options.AssembleFragments, "is fixed: JSTP needs whole messages"),
        (nameof(WebSocketServerOptions.ValidateUtf8InFrameMode), static options => options.ValidateUtf8InFrameMode, "is fixed: JSTP needs whole messages"),
        (nameof(WebSocketServerOptions.AcceptText), static options => options.AcceptText, "is fixed: JSTP is text"),
        (nameof(WebSocketServerOptions.AutoAccept), static options => options.AutoAccept, "is fixed: JSTP accepts its own subprotocol alone"),
        (nameof(WebSocketServerOptions.KeepAlive), static options => options.KeepAlive, Instead(nameof(JstpServerOptions.KeepAliveInterval))),
        (nameof(WebSocketServerOptions.KeepAliveInterval), static options => options.KeepAliveInterval, Instead(nameof(JstpServerOptions.KeepAliveInterval))),
        (nameof(WebSocketServerOptions.KeepAliveGracePeriod), static options => options.KeepAliveGracePeriod, Instead(nameof(JstpServerOptions.KeepAliveGracePeriod))),
        (nameof(WebSocketServerOptions.DropOnKeepAliveTimeout), static options => options.DropOnKeepAliveTimeout, Instead(nameof(JstpServerOptions.KeepAliveGracePeriod))),
        (nameof(WebSocketServerOptions.UseTcpKeepAlive), static options => options.UseTcpKeepAlive, Instead(nameof(JstpServerOptions.KeepAliveInterval))),
        (nameof(WebSocketServerOptions.NoDelay), static options => options.NoDelay, "is fixed: messages are flushed when they are meant to go"),
        (nameof(WebSocketServerOptions.ParseExtensions), static options => options.ParseExtensions, "has no effect: JSTP has no request handlers"),
        (nameof(WebSocketServerOptions.ParseCookies), static options => options.ParseCookies, "has no effect: JSTP has no request handlers"),
        (nameof(WebSocketServerOptions.AllowedOrigins), static options => options.AllowedOrigins, Instead(nameof(JstpServerOptions.AllowedOrigins))),
        (nameof(WebSocketServerOptions.OriginCheck), static options => options.OriginCheck, Instead(nameof(JstpServerOptions.OriginCheck))),
        (nameof(WebSocketServerOptions.DecisionTimeout), static options => options.DecisionTimeout, Instead(nameof(JstpServerOptions.HandshakeTimeout))),
        (nameof(WebSocketServerOptions.MaxPendingRequests), static options => options.MaxPendingRequests, Instead(nameof(JstpServerOptions.MaxConnections))),
        (nameof(WebSocketServerOptions.MaxConnections), static options => options.MaxConnections, Instead(nameof(JstpServerOptions.MaxConnections))),
        (nameof(WebSocketServerOptions.MaxConnectionsPerAddress), static options => options.MaxConnectionsPerAddress, Instead(nameof(JstpServerOptions.MaxConnectionsPerAddress))),
        (nameof(WebSocketServerOptions.CloseTimeout), static options => options.CloseTimeout, Instead(nameof(JstpServerOptions.CloseTimeout))),
        (nameof(WebSocketServerOptions.SendTimeout), static options => options.SendTimeout, Instead(nameof(JstpServerOptions.SendTimeout))),
        (nameof(WebSocketServerOptions.MaxSendBacklog), static options => options.MaxSendBacklog, Instead(nameof(JstpServerOptions.MaxSendBacklog))),
        (nameof(WebSocketServerOptions.SlowConsumerPolicy), static options => options.SlowConsumerPolicy, "is fixed: a session keeps what a client does not take"),
        (nameof(WebSocketServerOptions.DrainTimeout), static options => options.DrainTimeout, Instead(nameof(JstpServerOptions.ShutdownTimeout))),
    ];

    /// <summary>The settings that were changed though they are not free, each with the rule that it breaks.</summary>
    public static IEnumerable<(string Setting, string Rule)> FindChanged(WebSocketServerOptions options) =>
        Settings.Where(setting => !Equals(setting.Read(options), setting.Read(Defaults))).Select(setting => (setting.Name, setting.Rule));

    private static string Instead(string key) => $"is not free on a JSTP server: set {JstpServerOptions.SectionName}:{key}";
}
