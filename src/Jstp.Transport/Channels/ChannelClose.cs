namespace Jstp.Transport.Channels;

/// <summary>Why a channel ends: the WebSocket close code (protocol page, section 1). Other transports have no codes.</summary>
internal enum ChannelClose
{
    /// <summary>It was asked for, or the handshake was refused.</summary>
    Normal = 1000,

    /// <summary>The server stops.</summary>
    GoingAway = 1001,

    /// <summary>The peer broke a rule of JSTP.</summary>
    ProtocolViolation = 1002,

    /// <summary>The peer sent a text that does not parse.</summary>
    BadText = 1007,

    /// <summary>The handshake took too long, or a limit of the server was reached.</summary>
    PolicyViolation = 1008,

    /// <summary>The server failed.</summary>
    InternalError = 1011,
}
