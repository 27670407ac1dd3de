namespace Jstp.Transport.WebSockets;

/// <summary>What a frame carries (RFC 6455, 5.2). The values left out are reserved.</summary>
public enum Opcode : byte
{
    /// <summary>A further fragment of the message that was begun.</summary>
    Continuation = 0x0,

    /// <summary>The first or only frame of a message of UTF-8 text.</summary>
    Text = 0x1,

    /// <summary>The first or only frame of a message of bytes.</summary>
    Binary = 0x2,

    /// <summary>The start or the answer of the closing handshake.</summary>
    Close = 0x8,

    /// <summary>Asks for a pong with the same payload.</summary>
    Ping = 0x9,

    /// <summary>Answers a ping, or says without being asked that the sender lives.</summary>
    Pong = 0xA,
}
