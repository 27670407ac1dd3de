using System.Net;
using System.Net.Sockets;

namespace Jstp.LoadGenerator.Tests;

/// <summary>A WebSocket server for one connection, which answers every message with bytes that a test decides on.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Thread _thread;

    /// <param name="answer">From a message of the client to the bytes that the server writes, frames and all.</param>
    public ScriptedServer(Func<string, byte[]> answer)
    {
        _listener.Start();
        _thread = new Thread(() => Serve(answer)) { IsBackground = true };
        _thread.Start();
    }

    public string Url => $"ws://{_listener.LocalEndpoint}/";

    public void Dispose()
    {
        _listener.Stop();
        _thread.Join(TimeSpan.FromSeconds(10));
    }

    private void Serve(Func<string, byte[]> answer)
    {
        try
        {
            using Socket socket = _listener.AcceptSocket();
            byte[] buffer = new byte[64 * 1024];
            socket.Receive(buffer); // the request is far shorter than a segment
            socket.Send("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: metarhia-jstp\r\n\r\n"u8);

            int length = 0;

            for (int count; (count = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None)) > 0;)
            {
                length += count;
                int consumed = AnswerAll(socket, buffer.AsSpan(0, length), answer);
                buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
                length -= consumed;
            }
        }
        catch (SocketException)
        {
            // The generator ends its connections with a reset.
        }
    }

    private static int AnswerAll(Socket socket, ReadOnlySpan<byte> input, Func<string, byte[]> answer)
    {
        const int MaskedHeaderLength = 6; // all messages of these tests are short
        int consumed = 0;

        while (input.Length - consumed >= MaskedHeaderLength)
        {
            int length = MaskedHeaderLength + (input[consumed + 1] & 0x7F);

            if (input.Length - consumed < length)
            {
                break;
            }

            socket.Send(answer(WireTests.Unmask(input.Slice(consumed, length))));
            consumed += length;
        }

        return consumed;
    }
}
