using System.Buffers;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Drives a protocol as a connection would: keeps unread input, and copies events before their memory is reused.</summary>
internal sealed class ProtocolHarness(WebSocketProtocolOptions? options = null, WebSocketRole role = WebSocketRole.Server) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private byte[] _unread = [];
    private WebSocketProtocol? _protocol;

    public WebSocketProtocol Protocol => _protocol ??= new WebSocketProtocol(role, options ?? WebSocketProtocolOptions.Server, _output);

    public List<string> Events { get; } = [];

    /// <summary>Payloads of the messages, in order.</summary>
    public List<byte[]> Messages { get; } = [];

    public int UnreadLength => _unread.Length;

    /// <summary>Everything written so far.</summary>
    public byte[] Output => _output.WrittenSpan.ToArray();

    /// <summary>Feeds bytes as one arrival, in segments of the given size.</summary>
    public void Receive(byte[] bytes, int segmentSize = int.MaxValue)
    {
        byte[] all = [.. _unread, .. bytes];
        ReadOnlySequence<byte> input = Frames.Cut(all, Math.Min(segmentSize, Math.Max(1, all.Length)));

        while (Protocol.Read(ref input) is { Type: not WebSocketEventType.None } found)
        {
            Record(found);
        }

        _unread = input.ToArray();
    }

    /// <summary>Feeds bytes one arrival each.</summary>
    public void ReceiveByteByByte(byte[] bytes)
    {
        foreach (byte value in bytes)
        {
            Receive([value]);
        }
    }

    public void Dispose() => _protocol?.Dispose();

    private void Record(in WebSocketEvent found)
    {
        byte[] payload = found.Payload.ToArray();

        Events.Add(found.Type switch
        {
            WebSocketEventType.Message => $"{found.MessageType}:{Shorten(payload)}",
            WebSocketEventType.Frame => $"Frame:{(found.Fin ? "fin " : "")}{found.Opcode}:{Shorten(payload)}",
            WebSocketEventType.Failed => $"Failed:{(int)Protocol.GetCloseInfo().Code}",
            WebSocketEventType.Close => $"Close:{(int?)Protocol.PeerCloseCode}",
            _ => $"{found.Type}:{Shorten(payload)}",
        });

        if (found.Type is WebSocketEventType.Message)
        {
            Messages.Add(payload);
        }
    }

    private static string Shorten(byte[] payload)
        => payload.Length <= 40 ? Encoding.Latin1.GetString(payload) : $"{payload.Length} bytes";
}
