using System.Buffers;
using Jstp.Transport.Streams;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Channels;

/// <summary>Finds JSTP messages in what arrives, whatever carries them. Nothing that a peer sends makes a method throw.</summary>
internal static class ChannelInput
{
    /// <summary>Takes the next message out of WebSocket frames: one WebSocket message is one JSTP message (protocol page, section 1).</summary>
    public static ChannelEvent ReadNext(this WebSocketProtocol protocol, ref ReadOnlySequence<byte> input)
    {
        while (true)
        {
            WebSocketEvent received = protocol.Read(ref input);

            switch (received.Type)
            {
                case WebSocketEventType.None:
                    return new ChannelEvent(ChannelEventKind.None);
                case WebSocketEventType.Message:
                    return new ChannelEvent(ChannelEventKind.Message, received.Payload);
                case WebSocketEventType.Close:
                    return new ChannelEvent(ChannelEventKind.Closed);
                case WebSocketEventType.Failed:
                    return new ChannelEvent(ChannelEventKind.Failed);
                default:
                    break; // pings are answered already, pongs need nothing
            }
        }
    }

    /// <summary>Takes the next message out of a byte stream, where each ends with a zero byte (protocol page, appendix).</summary>
    public static ChannelEvent ReadNext(this JstpStreamReader reader, ref ReadOnlySequence<byte> input) =>
        reader.Read(ref input, out ReadOnlyMemory<byte> text) switch
        {
            JstpStreamStatus.Text => new ChannelEvent(ChannelEventKind.Message, text),
            JstpStreamStatus.None => new ChannelEvent(ChannelEventKind.None),
            _ => new ChannelEvent(ChannelEventKind.Failed),
        };
}
