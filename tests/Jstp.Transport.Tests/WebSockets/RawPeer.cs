using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>A client made of nothing but a socket, so that it can send what no client should. Every wait ends with an exception after ten seconds.</summary>
internal sealed class RawPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Stream _stream;

    private RawPeer(Socket socket, Stream stream)
    {
        Socket = socket;
        _stream = stream;
    }

    public Socket Socket { get; }

    /// <summary>The head of a sound opening handshake.</summary>
    public static string Handshake(string path = "/", params string[] extraHeaders)
        => $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + string.Concat(extraHeaders.Select(header => header + "\r\n")) + "\r\n";

    /// <summary>Connects without sending anything, over TLS if the address says so.</summary>
    public static async Task<RawPeer> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", address.Port);
        Stream stream = new NetworkStream(socket, ownsSocket: true);

        if (address.Scheme is "https")
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) => EchoHost.Certificate.Equals(certificate),
            });
            stream = tls;
        }

        return new RawPeer(socket, stream);
    }

    /// <summary>Connects and completes a handshake.</summary>
    public static async Task<RawPeer> UpgradeAsync(Uri address, string path = "/", params string[] extraHeaders)
    {
        RawPeer peer = await ConnectAsync(address);
        await peer.SendAsync(Handshake(path, extraHeaders));
        string head = await peer.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        return peer;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(params byte[][] pieces) => _stream.WriteAsync(Frames.Join(pieces)).AsTask().WaitAsync(Patience);

    /// <summary>Sends bytes in packets of the given size.</summary>
    public async Task SendChoppedAsync(byte[] bytes, int size)
    {
        try
        {
            foreach (byte[] chunk in bytes.Chunk(size))
            {
                await SendAsync(chunk);
            }
        }
        catch (IOException)
        {
            // The server ended the connection over what it has seen so far, which is for the test to judge by the answers.
        }
    }

    /// <summary>Reads the head of an HTTP answer.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();

        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1))[0]);
        }

        return head.ToString();
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public async Task<byte[]> ReadAsync(int length)
    {
        byte[] bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }

    /// <summary>Reads one frame of the server.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)> ReadFrameAsync()
    {
        byte[] head = await ReadAsync(2);
        byte[] longer = (head[1] & 0x7F) switch
        {
            126 => await ReadAsync(2),
            127 => await ReadAsync(8),
            _ => [],
        };
        Assert.Equal(FrameHeaderStatus.Complete, FrameHeader.TryParse([.. head, .. longer], out FrameHeader header));
        return (header, await ReadAsync((int)header.PayloadLength));
    }

    /// <summary>Reads one frame of text and returns it.</summary>
    public async Task<string> ReadTextAsync()
    {
        (FrameHeader header, byte[] payload) = await ReadFrameAsync();
        Assert.Equal(Opcode.Text, header.Opcode);
        return Encoding.UTF8.GetString(payload);
    }

    /// <summary>Reads frames up to a Close and returns its code; 1005 when it is empty.</summary>
    public async Task<int> ReadCloseAsync()
    {
        while (true)
        {
            (FrameHeader header, byte[] payload) = await ReadFrameAsync();

            if (header.Opcode is Opcode.Close)
            {
                return payload.Length == 0 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(payload);
            }
        }
    }

    /// <summary>Reads to the end of the stream, which must come in order.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var rest = new MemoryStream();
        await _stream.CopyToAsync(rest).WaitAsync(Patience);
        return rest.ToArray();
    }

    /// <summary>Ends our direction of TCP, which the server sees as the end of input.</summary>
    public void HalfClose() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Cuts the connection with a reset.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
