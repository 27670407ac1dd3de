namespace Jstp.Transport.Protocol;

/// <summary>What a message is, by its first key (protocol page, section 2).</summary>
public enum JstpMessageKind : byte
{
    /// <summary><c>{}</c>, the heartbeat of old clients: ignored, not answered, not counted, legal before the handshake.</summary>
    Heartbeat,

    /// <summary>A handshake request of a client, or the server's answer.</summary>
    Handshake,

    /// <summary>A call of a method, answered by a callback.</summary>
    Call,

    /// <summary>The answer to a call or an inspect.</summary>
    Callback,

    /// <summary>An event, never answered.</summary>
    Event,

    /// <summary>A question for the method names of an interface, answered by a callback.</summary>
    Inspect,

    /// <summary>A question for a sign of life, answered by a pong.</summary>
    Ping,

    /// <summary>The answer to a ping.</summary>
    Pong,

    /// <summary>Any other first key: ignored, not answered, not counted; nothing of its shape is checked.</summary>
    Unknown,
}
