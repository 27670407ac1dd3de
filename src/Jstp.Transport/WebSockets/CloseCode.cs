using System.Net.WebSockets;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// The close codes (RFC 6455, 7.4; the IANA registry of WebSocket close codes) beyond those that <see cref="WebSocketCloseStatus"/> names,
/// and which of all may be on the wire.
/// </summary>
public static class CloseCode
{
    /// <summary>1006: the connection ended without a Close frame. Reported only, never sent.</summary>
    public const WebSocketCloseStatus Abnormal = (WebSocketCloseStatus)1006;

    /// <summary>1012: the service restarts.</summary>
    public const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;

    /// <summary>1013: overloaded, come back later.</summary>
    public const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    /// <summary>1014: a gateway got a bad answer from behind it.</summary>
    public const WebSocketCloseStatus BadGateway = (WebSocketCloseStatus)1014;

    /// <summary>Whether a Close frame may carry the code: 1000–1003, 1007–1014 and 3000–4999.</summary>
    public static bool IsValidOnWire(WebSocketCloseStatus code) => (int)code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);

    /// <summary>The name of the code in the IANA registry; empty for codes without one.</summary>
    public static string GetDescription(WebSocketCloseStatus code) => (int)code switch
    {
        1000 => "Normal Closure",
        1001 => "Going Away",
        1002 => "Protocol error",
        1003 => "Unsupported Data",
        1005 => "No Status Rcvd",
        1006 => "Abnormal Closure",
        1007 => "Invalid frame payload data",
        1008 => "Policy Violation",
        1009 => "Message Too Big",
        1010 => "Mandatory Ext.",
        1011 => "Internal Error",
        1012 => "Service Restart",
        1013 => "Try Again Later",
        1014 => "Bad Gateway",
        1015 => "TLS handshake",
        _ => "",
    };
}
