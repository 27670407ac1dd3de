using System.Text;
using Jstp.Client.Authentication;
using Jstp.Client.Connections;
using Jstp.Client.Sessions;
using Jstp.Client.Tests.Connections;
using Jstp.Client.Tests.Servers;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Replay;

/// <summary>Plays one transcript: the server's part by a script, the client's part by asking the client for what it has said.</summary>
internal sealed class Performance(Transcript transcript, ScriptedServer server)
{
    private readonly Dictionary<long, Task<IReadOnlyList<MdsfValue>>> _calls = [];
    private readonly Dictionary<long, string> _outcomes = [];
    private JstpClientOptions _options = null!;
    private JstpClientConnection? _connection;
    private Task<JstpClientConnection>? _connecting;
    private JstpSessionState? _detached;
    private ScriptedPeer _peer = null!;
    private JstpApplicationName _application = null!;
    private long _lastId;

    public async Task RunAsync()
    {
        _options = new JstpClientOptions { Application = ServedApplication.Create(transcript), Reconnector = new HeldReconnector(), KeepAliveInterval = null };

        for (int i = 0; i < transcript.Lines.Count; i++)
        {
            TranscriptLine line = transcript.Lines[i];

            if (line.IsOfClient)
            {
                await PlayClientAsync(line, i);
            }
            else if (line.IsOfServer && !line.IsLost)
            {
                await PlayServerAsync(line);
            }
            else if (line.Event is "closed" or "aborted")
            {
                await EndConnectionAsync(line, i);
            }
        }

        await CheckOutcomesAsync();

        if (_connection is not null)
        {
            Task closed = _connection.CloseAsync();
            _peer.Dispose();
            await closed.WithinLimitAsync("the end");
        }
    }

    private async Task PlayClientAsync(TranscriptLine line, int index)
    {
        JstpMessage message = Assert.NotNull(line.Parse());

        if (message.Kind == JstpMessageKind.Handshake)
        {
            await ShakeHandsAsync(message, index);
        }
        else
        {
            Ask(message);
        }

        Assert.Equal(line.Text, await _peer.ReceiveAsync());
    }

    /// <summary>Asks the client for a message, unless it is an answer, or one that it sends again by itself.</summary>
    private void Ask(in JstpMessage message)
    {
        if (message.Kind is JstpMessageKind.Callback or JstpMessageKind.Pong || message.Id <= _lastId)
        {
            return;
        }

        JstpClientConnection connection = _connection!;
        _lastId = message.Id;

        switch (message.Kind)
        {
            case JstpMessageKind.Call:
                _calls.Add(message.Id, connection.CallAsync(message.TargetName.ToString(), message.Name.ToString(), Arguments(message)));
                break;
            case JstpMessageKind.Inspect:
                _calls.Add(message.Id, InspectAsync(connection, message.TargetName.ToString()));
                break;
            case JstpMessageKind.Event:
                connection.Emit(message.TargetName.ToString(), message.Name.ToString(), [.. Arguments(message)]);
                break;
            case JstpMessageKind.Ping:
                _ = connection.PingAsync();
                break;
            default:
                Assert.Fail($"A client cannot be asked for {message.Kind}.");
                break;
        }
    }

    private async Task ShakeHandsAsync(JstpMessage message, int index)
    {
        HandshakeRequest request = HandshakeRequest.FromMessage(message)!;
        _application = new JstpApplicationName(request.Application!, message.VersionName.ToString());

        if (request.Strategy != HandshakeStrategy.Session)
        {
            _options.ConnectPolicy = request.Strategy == HandshakeStrategy.Anonymous
                ? JstpConnectPolicy.Anonymous
                : JstpConnectPolicy.Custom(request.StrategyName!, MdsfValue.Parse(request.Credentials.Span));
            _connecting = JstpClient.ConnectAsync(_application, _options, server.Url);
        }
        else if (_detached is not null)
        {
            _connecting = JstpClient.ReconnectAsync(_detached, _application, _options, server.Url);
            _connection = null;
        }
        else
        {
            AskWhileAway(index);
            JstpClientConnection connection = _connection!;
            _connecting = Task.Run(async () =>
            {
                await JstpClient.ReconnectAsync(connection);

                return connection;
            });
        }

        _peer = await server.AcceptAsync();
    }

    // What the client says right behind the restore, it was asked for before.
    private void AskWhileAway(int index)
    {
        IEnumerable<TranscriptLine> behind = transcript.Lines.Skip(index + 1).SkipWhile(static line => !line.IsOfServer).Skip(1).TakeWhile(static line => line.IsOfClient);

        foreach (JstpMessage message in behind.Select(static line => line.Parse()!.Value).TakeWhile(static message => message.Kind is JstpMessageKind.Call or JstpMessageKind.Event))
        {
            if (_connection!.State == JstpConnectionState.Reconnecting)
            {
                Ask(message);
            }
        }
    }

    private async Task PlayServerAsync(TranscriptLine line)
    {
        JstpMessage message = Assert.NotNull(line.Parse());

        if (message.Kind == JstpMessageKind.Callback && _calls.ContainsKey(message.Id))
        {
            _outcomes.TryAdd(message.Id, line.Text);
        }

        await _peer.SendAsync(line.Text);

        if (message.Kind != JstpMessageKind.Handshake)
        {
            return;
        }

        if (message.Answer == JstpAnswer.Error)
        {
            int code = JstpError.Read(message.Value.Span).Code;
            Assert.Equal(code, (await Assert.ThrowsAsync<JstpException>(() => RefusedAsync())).Code);

            return;
        }

        _connection = await _connecting!.WithinLimitAsync("the handshake");

        if (message.ValueType == MdsfTokenType.Number)
        {
            LoseCallsUpTo((long)MdsfValue.Parse(message.Value.Span).AsNumber());
        }
    }

    private async Task RefusedAsync()
    {
        _peer.Dispose();
        await _connecting!.WithinLimitAsync("the refusal");
    }

    private void LoseCallsUpTo(long count)
    {
        foreach (long id in _calls.Keys.Where(id => id <= count))
        {
            _outcomes.TryAdd(id, "{callback:[0],error:[-1]}");
        }
    }

    private async Task EndConnectionAsync(TranscriptLine line, int index)
    {
        if (line.By == "client" && line.Event == "closed")
        {
            Task<JstpSessionState> detached = _connection!.DetachAsync();
            await _peer.ExpectEndAsync();
            _peer.Dispose();
            _detached = transcript.Lines.Skip(index).Any(static later => later.Event == "opened") ? await detached.WithinLimitAsync("the end") : null;
            await detached;
        }
        else if (_connection is { State: JstpConnectionState.Connected } connection && IsOfPresent(line))
        {
            var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            connection.Disconnected += (_, _) => lost.TrySetResult();
            _peer.Dispose(); // not by a reset, which would take with it what the client has not read yet
            await lost.Task.WithinLimitAsync("the loss");
        }
    }

    // A take-over ends the connection before, which our client has left already.
    private bool IsOfPresent(TranscriptLine line) => line.Connection == transcript.Lines.TakeWhile(other => other != line).Max(static other => other.Connection);

    private async Task CheckOutcomesAsync()
    {
        foreach ((long id, string text) in _outcomes)
        {
            JstpMessageReader.Read(Encoding.UTF8.GetBytes(text), default, out JstpMessage expected);

            if (expected.Answer == JstpAnswer.Error)
            {
                JstpError error = JstpError.Read(expected.Value.Span);
                JstpException thrown = await Assert.ThrowsAsync<JstpException>(() => _calls[id].WithinLimitAsync($"the outcome of {id}"));
                Assert.Equal((error.Code, error.Message ?? thrown.Message), (thrown.Code, thrown.Message));
            }
            else
            {
                Assert.Equal(MdsfValue.Parse(expected.Value.Span).Elements, await _calls[id].WithinLimitAsync($"the outcome of {id}"));
            }
        }
    }

    private static object?[] Arguments(in JstpMessage message) => [.. MdsfValue.Parse(message.Value.Span).Elements];

    private static async Task<IReadOnlyList<MdsfValue>> InspectAsync(JstpClientConnection connection, string interfaceName) =>
        [.. (await connection.InspectAsync(interfaceName)).Select(MdsfValue.FromString)];
}
