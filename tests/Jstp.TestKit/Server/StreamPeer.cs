using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Jstp.TestKit.Server;

/// <summary>A scripted client of a <see cref="JstpTestServer"/> over a byte stream: texts, each followed by a zero byte. It answers nothing by itself.</summary>
public sealed class StreamPeer
{
    private readonly JstpTestServer _server;
    private readonly InMemoryConnection _connection;

    internal StreamPeer(JstpTestServer server, InMemoryConnection connection, Task served)
    {
        _server = server;
        _connection = connection;
        Released = served;
    }

    /// <summary>Whether the server has cut the connection off.</summary>
    public bool IsAborted => _connection.IsAborted;

    /// <summary>Completes when the server uses nothing of the connection any more.</summary>
    public Task Released { get; }

    /// <summary>Completes when the server has ended the stream in order.</summary>
    public Task Ended => _connection.Completed;

    /// <summary>Sends texts, all in one write.</summary>
    public void Send(params IEnumerable<string> texts) => SendRaw(string.Concat(texts.Select(static text => text + "\0")));

    /// <summary>Sends characters as they are, in UTF-8.</summary>
    public void SendRaw(string characters) => SendRaw(Encoding.UTF8.GetBytes(characters));

    /// <summary>Sends bytes as they are.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes) => _connection.Send(bytes);

    /// <summary>Ends the client's direction of the stream.</summary>
    public void EndInput() => _connection.EndInput();

    /// <summary>Loses the connection: the server's reads end.</summary>
    public void Lose() => _connection.Lose();

    /// <summary>Completes an anonymous handshake.</summary>
    /// <returns>The session id.</returns>
    public async Task<string> HandshakeAsync(string application = JstpTestServer.DefaultApplication)
    {
        Send($"{{handshake:[0,'{application}']}}");
        string answer = await ReceiveAsync();

        return answer.Split('\'') is [_, var id, _] ? id : throw new TestKitException($"Expected a session, but '{answer}' came.");
    }

    /// <summary>Waits for the next message.</summary>
    /// <exception cref="TestKitException">The stream ended, or nothing came.</exception>
    public async Task<string> ReceiveAsync() =>
        await TryReceiveAsync() ?? throw new TestKitException($"Expected a message, but the stream ended (aborted {IsAborted}).");

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

        if (_connection.Received.TryRead(out ReadResult result))
        {
            throw new TestKitException($"Expected nothing, but '{Encoding.UTF8.GetString(result.Buffer)}' came (ended {result.IsCompleted}, aborted {IsAborted}).");
        }
    }

    /// <summary>Waits for the end of the stream, with nothing before it.</summary>
    public async Task ExpectEndAsync()
    {
        if (await TryReceiveAsync() is { } text)
        {
            throw new TestKitException($"Expected the end of the stream, but '{text}' came.");
        }

        if (IsAborted)
        {
            throw new TestKitException("Expected the end of the stream, but the connection was cut off.");
        }
    }

    /// <summary>Waits for the server to cut the connection off.</summary>
    public Task ExpectAbortAsync() => Patience.UntilAsync(() => IsAborted, "the connection to be cut off");

    /// <summary>Waits for the next message; null when the stream has ended.</summary>
    public async Task<string?> TryReceiveAsync()
    {
        while (true)
        {
            ReadResult result = await _connection.Received.ReadAsync().AsTask().WithinLimitAsync("a message of the server");

            if (result.Buffer.PositionOf((byte)0) is { } end)
            {
                string text = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                _connection.Received.AdvanceTo(result.Buffer.GetPosition(1, end));

                return text;
            }

            bool hasEnded = result.IsCompleted || IsAborted;
            _connection.Received.AdvanceTo(result.Buffer.Start, result.Buffer.End);

            if (hasEnded)
            {
                return null;
            }
        }
    }
}
