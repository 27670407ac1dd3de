namespace Jstp.Host.Endpoints;

/// <summary>What an endpoint speaks, and over what.</summary>
internal enum EndpointScheme
{
    /// <summary>JSTP over WebSocket.</summary>
    Ws,

    /// <summary>JSTP over WebSocket and TLS.</summary>
    Wss,

    /// <summary>JSTP over TCP.</summary>
    Tcp,

    /// <summary>JSTP over TLS.</summary>
    Tls,

    /// <summary>JSTP over a Unix socket.</summary>
    Unix,

    /// <summary>JSTP over WebSocket over a Unix socket, for a proxy on the same machine.</summary>
    WsUnix,
}
