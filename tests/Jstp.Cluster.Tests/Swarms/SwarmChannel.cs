using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Jstp.LoadGenerator;
using Jstp.LoadGenerator.Load;
using Jstp.LoadGenerator.Wire;

namespace Jstp.Cluster.Tests.Swarms;

/// <summary>One WebSocket of a swarm, from the first packet to the last. One thread uses it.</summary>
internal sealed class SwarmChannel
{
    // The example of RFC 6455, 1.3: a fixed key.
    private const string Upgrade = "GET / HTTP/1.1\r\nHost: cluster\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: metarhia-jstp\r\n\r\n";

    private static readonly byte[] UpgradeRequest = Encoding.ASCII.GetBytes(Upgrade);

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly byte[] _input;
    private readonly ISwarmChannelOwner _owner;
    private byte[] _unread = []; // the beginning of a frame, or of the upgrade's answer, whose end has not arrived
    private byte[] _unsent = UpgradeRequest; // what the socket had no room for
    private bool _isUpgraded;
    private bool _isClosed;

    private SwarmChannel(Socket socket, byte[] input, ISwarmChannelOwner owner)
    {
        _socket = socket;
        _descriptor = (int)socket.Handle;
        _input = input;
        _owner = owner;
    }

    /// <summary>Begins to connect.</summary>
    /// <param name="server">The server.</param>
    /// <param name="epoll">Where the socket is watched.</param>
    /// <param name="token">What its events come with.</param>
    /// <param name="input">Takes what is read; shared by all channels of the thread.</param>
    /// <param name="owner">Is told what happens; not before this method has returned.</param>
    public static SwarmChannel Open(IPEndPoint server, Epoll epoll, int token, byte[] input, ISwarmChannelOwner owner)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };

        try
        {
            socket.Connect(server);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It goes on by itself; its outcome is the first event.
        }
        catch (SocketException)
        {
            // Refused at once; the first event tells.
        }

        epoll.Add(socket, token);

        return new SwarmChannel(socket, input, owner);
    }

    /// <summary>Sends a message.</summary>
    public void Send(ReadOnlySpan<byte> text) => Write(ClientFrame.Build(ClientFrame.TextOpcode, text));

    /// <summary>Takes what the socket has to read, and gives it what waits to be sent.</summary>
    public void OnReady()
    {
        try
        {
            Write([]);
            ReceiveAll();
        }
        catch (LoadException)
        {
            End(closeCode: null);
        }
    }

    /// <summary>Ends the connection with a reset, as a network does that is gone.</summary>
    public void Cut()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            _socket.Dispose();
        }
    }

    private void End(int? closeCode)
    {
        if (!_isClosed)
        {
            Cut();
            _owner.OnEnded(closeCode);
        }
    }

    private void Write(ReadOnlySpan<byte> frame)
    {
        if (_isClosed)
        {
            return;
        }

        ReadOnlySpan<byte> bytes = _unsent.Length == 0 ? frame : [.. _unsent, .. frame];

        // Before its upgrade is answered a client says nothing more.
        if (bytes.Length > 0)
        {
            int sent = Math.Max(Epoll.Send(_descriptor, bytes), 0);
            _unsent = bytes[sent..].ToArray();
        }
    }

    private void ReceiveAll()
    {
        bool mayHaveMore = true;

        while (mayHaveMore && !_isClosed)
        {
            int kept = _unread.Length;
            _unread.CopyTo(_input, 0);
            int count = Epoll.Receive(_descriptor, _input.AsSpan(kept));

            if (count == 0)
            {
                End(closeCode: null);
            }

            if (count <= 0)
            {
                return;
            }

            // Edge-triggered: a read that filled its buffer may have left something, and so may one that was followed by the end.
            mayHaveMore = true;
            int consumed = Take(_input.AsMemory(0, kept + count));
            _unread = _isClosed ? [] : _input.AsSpan(consumed, kept + count - consumed).ToArray();
        }
    }

    private int Take(ReadOnlyMemory<byte> input)
    {
        int consumed = _isUpgraded ? 0 : TakeUpgradeReply(input.Span);

        while (_isUpgraded && !_isClosed && ServerFrame.TryRead(input.Span[consumed..], out ServerFrame frame))
        {
            consumed += frame.Length;
            TakeFrame(frame, input.Slice(consumed - frame.Payload.Length, frame.Payload.Length));
        }

        return consumed;
    }

    private int TakeUpgradeReply(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf("\r\n\r\n"u8);

        if (end < 0)
        {
            return 0;
        }

        if (!input.StartsWith("HTTP/1.1 101 "u8))
        {
            throw new LoadException($"The server refused the upgrade: {Encoding.ASCII.GetString(input[..end])}");
        }

        _isUpgraded = true;
        _owner.OnOpened();

        return end + 4;
    }

    private void TakeFrame(ServerFrame frame, ReadOnlyMemory<byte> payload)
    {
        switch (frame.Opcode)
        {
            case ClientFrame.TextOpcode when frame.IsFinal:
                _owner.OnMessage(payload);
                break;
            case ClientFrame.PingOpcode:
                Write(ClientFrame.Build(ClientFrame.PongOpcode, payload.Span));
                break;
            case ClientFrame.CloseOpcode:
                Write(ClientFrame.Build(ClientFrame.CloseOpcode, payload.Span));
                End(payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload.Span) : null);
                break;
            default:
                throw new LoadException($"The server sent a frame with opcode {frame.Opcode}, which no scenario expects.");
        }
    }
}
