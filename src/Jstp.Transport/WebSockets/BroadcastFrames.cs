using System.Net.WebSockets;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.WebSockets;

/// <summary>One message for many connections, encoded once for each way that they take it.</summary>
internal sealed class BroadcastFrames(WebSocketMessageType type, ReadOnlyMemory<byte> payload, int threshold)
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _byWindow = [];
    private ReadOnlyMemory<byte>? _plain;

    /// <summary>The frames for a connection with the given compression.</summary>
    public ReadOnlyMemory<byte> For(MessageDeflater? deflater)
    {
        // A context of its own makes what is compressed for one worthless to others; uncompressed frames leave the context alone.
        if (deflater is null || deflater.KeepsContext || payload.Length < deflater.Threshold)
        {
            return _plain ??= WebSocketConnection.EncodeMessage(type, payload, threshold, null);
        }

        if (!_byWindow.TryGetValue(deflater.WindowBits, out ReadOnlyMemory<byte> frames))
        {
            using MessageDeflater shared = deflater.CreateAlike();
            frames = WebSocketConnection.EncodeMessage(type, payload, threshold, shared);
            _byWindow.Add(deflater.WindowBits, frames);
        }

        return frames;
    }
}
