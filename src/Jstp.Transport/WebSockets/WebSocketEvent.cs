using System.Net.WebSockets;

namespace Jstp.Transport.WebSockets;

/// <summary>One thing that came out of the received bytes.</summary>
public readonly struct WebSocketEvent
{
    private readonly byte _firstByte;

    internal WebSocketEvent(WebSocketEventType type, byte firstByte, ReadOnlyMemory<byte> payload)
    {
        Type = type;
        _firstByte = firstByte;
        Payload = payload;
    }

    internal WebSocketEvent(WebSocketMessageType messageType, ReadOnlyMemory<byte> payload)
    {
        Type = WebSocketEventType.Message;
        MessageType = messageType;
        Payload = payload;
    }

    /// <summary>What it is.</summary>
    public WebSocketEventType Type { get; }

    /// <summary>Text or binary; meaningful for <see cref="WebSocketEventType.Message"/>.</summary>
    public WebSocketMessageType MessageType { get; }

    /// <summary>
    /// The unmasked payload of the message, frame, ping or pong. It lies in the connection's own buffers: valid until the next
    /// <see cref="WebSocketProtocol.Read"/>, and until the input it came from is advanced.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>FIN; meaningful for <see cref="WebSocketEventType.Frame"/>.</summary>
    public bool Fin => (_firstByte & 0x80) != 0;

    /// <summary>The reserved bits, RSV1 highest: 0 to 7; meaningful for <see cref="WebSocketEventType.Frame"/>.</summary>
    public int Reserved => (_firstByte >> 4) & 0x7;

    /// <summary>The opcode; meaningful for <see cref="WebSocketEventType.Frame"/>.</summary>
    public Opcode Opcode => (Opcode)(_firstByte & 0xF);
}
