using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Hosting;

/// <summary>A client over a real socket: texts, each followed by a zero byte.</summary>
internal sealed class LineClient : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly List<byte> _received = [];

    private LineClient(Stream stream) => _stream = stream;

    /// <param name="endPoint">Where the server listens.</param>
    /// <param name="thumbprint">Of the certificate that the server must have; null for no TLS.</param>
    public static async Task<LineClient> ConnectAsync(EndPoint endPoint, string? thumbprint = null)
    {
        bool isUnix = endPoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint).WithinLimitAsync("the connection");
        Stream stream = new NetworkStream(socket, ownsSocket: true);

        if (thumbprint is not null)
        {
            var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, presented, _, _) => presented?.GetCertHashString() == thumbprint);
            await tls.AuthenticateAsClientAsync("localhost").WithinLimitAsync("the TLS handshake");
            stream = tls;
        }

        return new LineClient(stream);
    }

    public async Task<string?> AskAsync(string text)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\0"));

        return await ReceiveAsync();
    }

    /// <summary>The next text; null at the end of the stream.</summary>
    public async Task<string?> ReceiveAsync()
    {
        byte[] buffer = new byte[1024];

        while (!_received.Contains(0))
        {
            int length = await _stream.ReadAsync(buffer).AsTask().WithinLimitAsync("a text");

            if (length == 0)
            {
                return null;
            }

            _received.AddRange(buffer.AsSpan(0, length));
        }

        int end = _received.IndexOf(0);
        string text = Encoding.UTF8.GetString([.. _received.Take(end)]);
        _received.RemoveRange(0, end + 1);

        return text;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
