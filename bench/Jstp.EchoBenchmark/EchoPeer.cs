using System.Net.Sockets;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.EchoBenchmark;

/// <summary>One connection of the load: a socket, and a count of the messages that came back.</summary>
internal sealed class EchoPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private long _skip; // payload of the frame under way that did not arrive yet
    private int _held;
    private bool _fin;

    private EchoPeer(Socket socket) => _socket = socket;

    public static async Task<EchoPeer> ConnectAsync(Uri url, bool deflate)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        string extensions = deflate
            ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"
            : "";
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET / HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{extensions}\r\n"));

        var peer = new EchoPeer(socket);
        int length = 0;

        while (!peer._buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            int read = await socket.ReceiveAsync(peer._buffer.AsMemory(length));
            length += read > 0 ? read : throw new IOException("The server ended the connection during the handshake.");
        }

        string head = Encoding.ASCII.GetString(peer._buffer, 0, length);

        if (!head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal) || head.Contains("permessage-deflate", StringComparison.Ordinal) != deflate)
        {
            throw new IOException($"The server does not do what was asked: {head}");
        }

        return peer;
    }

    /// <summary>Builds a masked binary frame.</summary>
    public static byte[] Frame(byte[] payload, bool compressed)
    {
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)(0x80 | payload.Length)],
            <= ushort.MaxValue => [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [0x80 | 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        byte[] masked = [.. payload];
        Masking.Apply(masked, 0x12345678);
        return [(byte)(compressed ? 0xC2 : 0x82), .. length, .. BitConverter.GetBytes(0x12345678), .. masked];
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, stop)..];
        }
    }

    /// <summary>Receives until at least one message is whole.</summary>
    /// <returns>How many were.</returns>
    public async ValueTask<int> ReceiveAsync(CancellationToken stop)
    {
        while (true)
        {
            int read = await _socket.ReceiveAsync(_buffer.AsMemory(_held), stop);
            _held += read > 0 ? read : throw new IOException("The server ended the connection.");
            int messages = CountMessages();

            if (messages > 0)
            {
                return messages;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private int CountMessages()
    {
        int messages = 0;
        int position = 0;

        while (true)
        {
            int skipped = (int)Math.Min(_skip, _held - position);
            position += skipped;
            _skip -= skipped;

            if (_skip > 0)
            {
                break;
            }

            messages += _fin ? 1 : 0;
            _fin = false;

            if (FrameHeader.TryParse(_buffer.AsSpan(position, _held - position), out FrameHeader header) is not FrameHeaderStatus.Complete)
            {
                break;
            }

            position += header.Length;
            _skip = header.PayloadLength;
            _fin = header.Fin;
        }

        _buffer.AsSpan(position, _held - position).CopyTo(_buffer);
        _held -= position;
        return messages;
    }
}
