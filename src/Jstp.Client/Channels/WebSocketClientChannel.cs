using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Jstp.Transport.Channels;
using Jstp.Transport.WebSockets;

namespace Jstp.Client.Channels;

/// <summary>JSTP over WebSocket: one WebSocket message is one JSTP message, always text when sent (protocol page, section 1).</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The end of a channel gives the protocols' memory back.")]
internal sealed class WebSocketClientChannel : ClientChannel
{
    private readonly UpgradedConnection _connection;
    private readonly ArrayBufferWriter<byte> _replies = new();

    // Two, since a protocol belongs to one caller at a time: what the reader's one writes goes to the replies, what the writer's one reads is nothing.
    private readonly WebSocketProtocol _reader;
    private readonly WebSocketProtocol _writer;

    private bool _isOutputEnded;

    private WebSocketClientChannel(UpgradedConnection connection, WebSocketProtocolOptions rules)
    {
        _connection = connection;
        _reader = new WebSocketProtocol(WebSocketRole.Client, rules, _replies);
        _writer = new WebSocketProtocol(WebSocketRole.Client, rules, connection.Transport.Output);
    }

    public override PipeReader Input => _connection.Transport.Input;

    public override PipeWriter Output => _connection.Transport.Output;

    /// <summary>Connects to a server that speaks JSTP.</summary>
    public static async Task<ClientChannel> ConnectAsync(Uri url, JstpClientOptions options, CancellationToken cancellationToken)
    {
        var settings = new WebSocketClientOptions
        {
            HandshakeTimeout = Timeout.InfiniteTimeSpan, // the attempt as a whole has one
            Tls = options.Tls,
            TimeProvider = options.TimeProvider,
            Rules = new WebSocketProtocolOptions
            {
                MaxReceivedFrameSize = options.MaxMessageSize,
                MaxReceivedMessageSize = options.MaxMessageSize,
                MaxFragmentsPerMessage = null,
                TimeProvider = options.TimeProvider,
            },
        };
        settings.Subprotocols.Add(JstpSubprotocol.Name);
        options.ConfigureWebSocket?.Invoke(settings);
        WebSocketClientConnection client = await WebSocketClient.ConnectAsync(url, settings, cancellationToken).ConfigureAwait(false);

        return new WebSocketClientChannel(client.Connection, settings.Rules);
    }

    public override ChannelEvent Read(ref ReadOnlySequence<byte> input) => _reader.ReadNext(ref input);

    public override ReadOnlySpan<byte> TakeReplies()
    {
        if (_replies.WrittenCount == 0 || _reader.State != WebSocketConnectionState.Open)
        {
            return default; // the answer to a close goes out with the end of the channel
        }

        ReadOnlySpan<byte> replies = _replies.WrittenSpan;
        _replies.ResetWrittenCount();

        return replies;
    }

    public override void Write(ReadOnlySpan<byte> text) => _writer.WriteMessage(WebSocketMessageType.Text, text);

    public override async ValueTask EndOutputAsync(ChannelClose reason)
    {
        _isOutputEnded = true;
        _writer.WriteClose((WebSocketCloseStatus)reason, reason: null);
        await Output.FlushAsync().ConfigureAwait(false);
    }

    public override async ValueTask CloseAsync(ChannelClose reason, TimeSpan timeout, TimeProvider timeProvider)
    {
        Exception? error = null;

        try
        {
            _reader.WriteClose((WebSocketCloseStatus)reason, reason: null);

            if (!_isOutputEnded)
            {
                Output.Write(_replies.WrittenSpan);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            error = exception;
            Abort();
        }

        _writer.Dispose();
        await WebSocketCloser.FinishAsync(_connection, _reader, timeout, timeProvider, error).ConfigureAwait(false);
    }

    public override void Abort() => _connection.Abort();
}
