using System.Buffers.Binary;
using System.Net.WebSockets;

namespace Jstp.Transport.WebSockets;

/// <summary>One frame, received or to be sent. A received payload is valid until the callback completes.</summary>
/// <param name="Opcode">What it carries.</param>
/// <param name="Payload">The payload, unmasked.</param>
/// <param name="Fin">Whether it is the last of its message.</param>
/// <param name="Reserved">The reserved bits, RSV1 highest: 0 to 7.</param>
public readonly record struct WebSocketFrame(Opcode Opcode, ReadOnlyMemory<byte> Payload, bool Fin = true, int Reserved = 0)
{
    /// <summary>The code in a Close; <see langword="null"/> when there is none or the frame is no Close.</summary>
    public WebSocketCloseStatus? CloseStatus => Opcode is Opcode.Close && Payload.Length >= sizeof(ushort)
        ? (WebSocketCloseStatus)BinaryPrimitives.ReadUInt16BigEndian(Payload.Span)
        : null;
}
