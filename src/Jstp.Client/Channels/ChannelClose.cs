namespace Jstp.Client.Channels;

/// <summary>Why we end a channel: the WebSocket close code (protocol page, section 1). Other transports have no codes.</summary>
internal enum ChannelClose
{
    Normal = 1000,
    ProtocolViolation = 1002,
    BadText = 1007,
}
