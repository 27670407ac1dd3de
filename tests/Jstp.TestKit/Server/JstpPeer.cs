using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.TestKit.Server;

/// <summary>
/// A scripted client of a <see cref="JstpTestServer"/>: sends texts, legal or not, and expects texts. It answers nothing by itself but the Close of the
/// WebSocket, and that can be turned off.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "What a codec has pooled may as well be collected with the test.")]
public sealed class JstpPeer
{
    private readonly JstpTestServer _server;
    private readonly InMemoryConnection _connection;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly WebSocketProtocol _protocol;
    private readonly Task _served;
    private bool _hasEnded;

    internal JstpPeer(JstpTestServer server, InMemoryConnection connection, Task served)
    {
        _server = server;
        _connection = connection;
        _served = served;
        _protocol = new WebSocketProtocol(
            WebSocketRole.Client,
            new WebSocketProtocolOptions
            {
                MaxReceivedFrameSize = 1024 * 1024, // as the reference client
                MaxReceivedMessageSize = 8 * 1024 * 1024,
                FragmentOutgoingMessages = false,
                MaxControlFramesPerSecond = null,
                TimeProvider = server.Time,
            },
            _output);
    }

    /// <summary>The session id, once a handshake has opened one.</summary>
    public string SessionId { get; private set; } = "";

    /// <summary>The code of the server's Close; null while there was none.</summary>
    public int? CloseCode => (int?)_protocol.PeerCloseCode;

    /// <summary>Whether the server has cut the connection off.</summary>
    public bool IsAborted => _connection.IsAborted;

    /// <summary>Whether the end of the connection was read: nothing more will come.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>How many WebSocket pings have arrived.</summary>
    public int ProbeCount { get; private set; }

    /// <summary>How many WebSocket pongs have arrived.</summary>
    public int PongCount { get; private set; }

    /// <summary>Completes when the server uses nothing of the connection any more.</summary>
    public Task Released => _served;

    /// <summary>Completes when the server has ended the transport in order, after its Close was answered or waited for in vain.</summary>
    public Task Ended => _connection.Completed;

    /// <summary>Sends messages, all in one write, so that the server reads them together.</summary>
    public void Send(params IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            _protocol.WriteMessage(WebSocketMessageType.Text, Encoding.UTF8.GetBytes(text));
        }

        Flush();
    }

    /// <summary>Sends messages and the Close behind them, all in one write.</summary>
    public void SendAndClose(params IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            _protocol.WriteMessage(WebSocketMessageType.Text, Encoding.UTF8.GetBytes(text));
        }

        // By another codec: this one is to go on reading as if nothing had been said.
        using (var goodbye = new WebSocketProtocol(WebSocketRole.Client, WebSocketProtocolOptions.Client, _output))
        {
            goodbye.WriteClose(WebSocketCloseStatus.NormalClosure);
        }

        Flush();
    }

    /// <summary>Sends a binary message.</summary>
    public void SendBinary(ReadOnlySpan<byte> bytes)
    {
        _protocol.WriteMessage(WebSocketMessageType.Binary, bytes);
        Flush();
    }

    /// <summary>Sends bytes as they are.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes) => _connection.Send(bytes);

    /// <summary>Sends WebSocket pings, in one write.</summary>
    public void SendProbes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _protocol.WritePing([]);
        }

        Flush();
    }

    /// <summary>Begins to close the connection in order.</summary>
    public void Close() => SendAndClose([]);

    /// <summary>Ends the client's direction of the transport, without a Close.</summary>
    public void EndInput() => _connection.EndInput();

    /// <summary>Loses the connection, as a phone in a tunnel that the system has noticed: the server's reads end.</summary>
    public void Lose() => _connection.Lose();

    /// <summary>Loses the connection by a reset.</summary>
    public void Reset() => _connection.Lose(new IOException("The peer has reset the connection."));

    /// <summary>Completes an anonymous handshake.</summary>
    public async Task HandshakeAsync(string application = JstpTestServer.DefaultApplication)
    {
        Send($"{{handshake:[0,'{application}']}}");
        await ExpectSessionAsync();
    }

    /// <summary>Receives the answer of a handshake that opens a session.</summary>
    public async Task<string> ExpectSessionAsync()
    {
        const string prefix = "{handshake:[0],ok:'";
        const string suffix = "'}";
        string answer = await ReceiveAsync();

        if (!answer.StartsWith(prefix, StringComparison.Ordinal) || !answer.EndsWith(suffix, StringComparison.Ordinal))
        {
            throw new TestKitException($"Expected a session, but '{answer}' came.");
        }

        return SessionId = answer[prefix.Length..^suffix.Length];
    }

    /// <summary>Restores a session.</summary>
    public async Task RestoreAsync(
        string sessionId, long receivedCount, long expectedCount, string application = JstpTestServer.DefaultApplication)
    {
        SessionId = sessionId;
        Send($"{{handshake:[0,'{application}'],session:['{sessionId}',{receivedCount}]}}");
        await ExpectAsync($"{{handshake:[0],ok:{expectedCount}}}");
    }

    /// <summary>Waits for the next message.</summary>
    /// <exception cref="TestKitException">The connection ended, or nothing came.</exception>
    public async Task<string> ReceiveAsync() =>
        await TryReceiveAsync() ?? throw new TestKitException($"Expected a message, but the connection ended (close code {CloseCode}, aborted {IsAborted}).");

    /// <summary>Waits for the next messages, which must be these.</summary>
    public async Task ExpectAsync(params IEnumerable<string> texts)
    {
        foreach (string expected in texts)
        {
            string text = await ReceiveAsync();

            if (text != expected)
            {
                throw new TestKitException($"Expected '{expected}', but '{text}' came.");
            }
        }
    }

    /// <summary>Nothing has come and, with the server at rest, nothing will.</summary>
    public async Task ExpectNothingAsync()
    {
        await _server.SettleAsync();

        if (TakeNow() is { } text)
        {
            throw new TestKitException($"Expected nothing, but '{text}' came.");
        }

        if (_hasEnded)
        {
            throw new TestKitException($"Expected nothing, but the connection ended (close code {CloseCode}, aborted {IsAborted}).");
        }
    }

    /// <summary>The next message that has come once the server is at rest; null if there is none.</summary>
    public async Task<string?> TryReceiveNowAsync()
    {
        await _server.SettleAsync();

        return TakeNow();
    }

    /// <summary>All messages that have come once the server is at rest.</summary>
    public async Task<IReadOnlyList<string>> ReceiveAllNowAsync()
    {
        await _server.SettleAsync();
        List<string> texts = [];

        while (TakeNow() is { } text)
        {
            texts.Add(text);
        }

        return texts;
    }

    /// <summary>Waits for the server's Close, with nothing before it, and answers it.</summary>
    public async Task ExpectCloseAsync(int code)
    {
        if (await TryReceiveAsync() is { } text)
        {
            throw new TestKitException($"Expected the end of the connection, but '{text}' came.");
        }

        if (CloseCode != code || IsAborted)
        {
            throw new TestKitException($"Expected close code {code}, but the connection ended with {CloseCode} (aborted {IsAborted}).");
        }
    }

    /// <summary>Waits for the server to cut the connection off.</summary>
    public Task ExpectAbortAsync() => Patience.UntilAsync(() => IsAborted, "the connection to be cut off");

    /// <summary>Reads messages until the connection ends.</summary>
    public async Task<IReadOnlyList<string>> ReceiveAllAsync()
    {
        List<string> texts = [];

        while (await TryReceiveAsync() is { } text)
        {
            texts.Add(text);
        }

        return texts;
    }

    /// <summary>Waits for the next message; null when the connection has ended.</summary>
    public async Task<string?> TryReceiveAsync()
    {
        while (!_hasEnded)
        {
            ReadResult result = await _connection.Received.ReadAsync().AsTask().WithinLimitAsync("a message of the server");

            if (Take(result) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The next message that has come already, without waiting for anything; null if there is none.</summary>
    public string? TakeNow()
    {
        string? text = null;

        while (!_hasEnded && text is null && _connection.Received.TryRead(out ReadResult result))
        {
            text = Take(result);
        }

        return text;
    }

    private string? Take(ReadResult result)
    {
        ReadOnlySequence<byte> input = result.Buffer;
        string? text = null;
        WebSocketEventType type;

        do
        {
            WebSocketEvent received = _protocol.Read(ref input);
            type = received.Type;
            ProbeCount += type == WebSocketEventType.Ping ? 1 : 0;
            PongCount += type == WebSocketEventType.Pong ? 1 : 0;
            text = type == WebSocketEventType.Message ? Encoding.UTF8.GetString(received.Payload.Span) : null;
        }
        while (type is not (WebSocketEventType.None or WebSocketEventType.Message or WebSocketEventType.Close or WebSocketEventType.Failed));

        _connection.Received.AdvanceTo(input.Start, type == WebSocketEventType.None ? result.Buffer.End : input.Start);

        if (type == WebSocketEventType.Failed)
        {
            throw new TestKitException("The server has sent what a reference client refuses.");
        }

        _hasEnded = type == WebSocketEventType.Close || (type == WebSocketEventType.None && (result.IsCompleted || IsAborted));
        Flush();

        return text;
    }

    private void Flush()
    {
        if (_output.WrittenCount > 0)
        {
            byte[] bytes = _output.WrittenSpan.ToArray();
            _output.ResetWrittenCount();
            _connection.Send(bytes);
        }
    }
}
