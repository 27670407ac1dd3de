using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Jstp.LoadGenerator.Wire;

/// <summary>Opens connections, one after another and waiting: TCP, the WebSocket upgrade, the script's own handshake.</summary>
internal sealed class ConnectionOpening
{
    private const int ReplyTimeoutMilliseconds = 10_000;
    private const int MaxReplyLength = 16 * 1024;

    // The example of RFC 6455, 1.3: a fixed key, so that the right answer is known.
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    private const string AcceptHeader = "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=";

    // Half of the ephemeral ports of a usual Linux, so that ports in TIME_WAIT leave enough.
    private const int ConnectionsPerSourceAddress = 10_000;

    private readonly IPEndPoint _server;
    private readonly CallScript _script;
    private readonly byte[] _upgradeRequest;
    private int _opened;

    public ConnectionOpening(Uri url, CallScript script)
    {
        if (url.Scheme != "ws" || !IPAddress.TryParse(url.Host, out IPAddress? address))
        {
            throw new LoadException($"The address must be ws:// and a numeric host, not {url}.");
        }

        _server = new IPEndPoint(address, url.Port);
        _script = script;
        string subprotocol = script.Subprotocol is null ? "" : $"Sec-WebSocket-Protocol: {script.Subprotocol}\r\n";
        _upgradeRequest = Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\n{subprotocol}\r\n");
    }

    /// <summary>Opens the next connection.</summary>
    /// <param name="early">What the server sent behind its last handshake answer, usually nothing.</param>
    /// <exception cref="LoadException">The server does not answer in 10 seconds, or not as it should.</exception>
    public Socket Open(out byte[] early)
    {
        var socket = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        try
        {
            socket.ReceiveTimeout = ReplyTimeoutMilliseconds;
            BindToSourceAddress(socket);
            socket.Connect(_server);
            socket.Send(_upgradeRequest);
            early = SendHandshake(socket, ReadUpgradeReply(socket));
            _opened++;
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new LoadException($"Connection {_opened + 1} to {_server} failed: {e.Message}", e);
        }
        catch (LoadException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void BindToSourceAddress(Socket socket)
    {
        int block = _opened / ConnectionsPerSourceAddress;

        // On loopback every 127.x.y.z is ours, each with ports of its own.
        if (block > 0 && _server.AddressFamily == AddressFamily.InterNetwork && IPAddress.IsLoopback(_server.Address))
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)block]), 0));
        }
    }

    /// <returns>What arrived behind the reply.</returns>
    private byte[] ReadUpgradeReply(Socket socket)
    {
        byte[] received = [];
        int end;

        while ((end = received.AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
        {
            received = ReadMore(socket, received);
        }

        string head = Encoding.ASCII.GetString(received, 0, end);
        bool subprotocolAccepted = _script.Subprotocol is null
            || head.Contains($"\r\nsec-websocket-protocol: {_script.Subprotocol}", StringComparison.OrdinalIgnoreCase);

        if (!head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)
            || !head.Contains(AcceptHeader, StringComparison.OrdinalIgnoreCase)
            || !subprotocolAccepted)
        {
            throw new LoadException($"The server refused the upgrade:\n{head}");
        }

        return received[(end + 4)..];
    }

    /// <returns>What arrived behind the answer.</returns>
    private byte[] SendHandshake(Socket socket, byte[] received)
    {
        if (_script.Handshake.Length == 0)
        {
            return received;
        }

        socket.Send(ClientFrame.Build(ClientFrame.TextOpcode, _script.Handshake));
        ServerFrame answer;

        while (!ServerFrame.TryRead(received, out answer))
        {
            received = ReadMore(socket, received);
        }

        if (answer.Opcode != ClientFrame.TextOpcode || !answer.Payload.StartsWith(_script.HandshakeAnswerPrefix))
        {
            throw new LoadException($"The server refused the handshake: {Encoding.UTF8.GetString(answer.Payload)}");
        }

        return received[answer.Length..];
    }

    private static byte[] ReadMore(Socket socket, byte[] received)
    {
        Span<byte> buffer = stackalloc byte[1024];
        int count = socket.Receive(buffer);

        if (count == 0 || received.Length + count > MaxReplyLength)
        {
            throw new LoadException("The server ended the connection during the handshake, or answered without end.");
        }

        return [.. received, .. buffer[..count]];
    }
}
