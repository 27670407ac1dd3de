namespace Jstp.Transport.WebSockets;

/// <summary>What <see cref="WebSocketProtocol.Read"/> came upon.</summary>
public enum WebSocketEventType : byte
{
    /// <summary>Nothing more until further bytes arrive.</summary>
    None,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>One frame; only when fragments are not assembled.</summary>
    Frame,

    /// <summary>A ping. Its pong is written already, unless <see cref="WebSocketProtocolOptions.AutomaticPong"/> is off.</summary>
    Ping,

    /// <summary>A pong.</summary>
    Pong,

    /// <summary>The peer's Close. It is answered already: flush, then end the transport.</summary>
    Close,

    /// <summary>The peer broke a rule or a limit. Our Close is written already: flush, discard what still comes for a while, then end the transport.</summary>
    Failed,
}
