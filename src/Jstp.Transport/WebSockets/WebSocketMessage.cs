using System.Net.WebSockets;
using System.Text;

namespace Jstp.Transport.WebSockets;

/// <summary>A received message. Its payload lies in the connection's buffers: valid until the callback completes or the next message is asked for.</summary>
/// <param name="Type">Text, which is known to be UTF-8, or binary.</param>
/// <param name="Payload">The bytes.</param>
public readonly record struct WebSocketMessage(WebSocketMessageType Type, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Decodes the payload as UTF-8.</summary>
    public string GetText() => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>Copies the payload, to be kept.</summary>
    public byte[] ToArray() => Payload.ToArray();
}
