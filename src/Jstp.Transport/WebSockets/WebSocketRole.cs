namespace Jstp.Transport.WebSockets;

/// <summary>Which end of the connection this is. It decides who masks: a client must, a server must not (RFC 6455, 5.1).</summary>
public enum WebSocketRole : byte
{
    /// <summary>Expects masked frames and writes unmasked ones.</summary>
    Server,

    /// <summary>Expects unmasked frames and writes masked ones.</summary>
    Client,
}
