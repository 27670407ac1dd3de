using System.Diagnostics;

namespace Jstp.Transport.WebSockets;

/// <summary>The names under which WebSocket servers can be observed. <c>docs/websocket-server.md</c> lists the instruments and tags.</summary>
public static class WebSocketTelemetry
{
    /// <summary>The meter of every server.</summary>
    public const string MeterName = "Jstp.WebSockets";

    /// <summary>The source of one activity per opening handshake.</summary>
    public const string ActivitySourceName = "Jstp.WebSockets";

    /// <summary>The source.</summary>
    internal static ActivitySource Activities { get; } = new(ActivitySourceName);
}
