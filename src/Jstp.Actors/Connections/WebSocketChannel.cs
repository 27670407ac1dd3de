using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Jstp.Transport.Channels;
using Jstp.Transport.WebSockets;

namespace Jstp.Actors.Connections;

/// <summary>JSTP over WebSocket: one WebSocket message is one JSTP message, always text when sent (protocol page, section 1).</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The end of a channel, orderly or not, gives the protocol's memory back.")]
internal sealed class WebSocketChannel : MessageChannel
{
    private readonly WebSocketProtocol _protocol;

    public WebSocketChannel(UpgradedConnection connection, WebSocketProtocolOptions options, WebSocketCompression? compression = null)
        : base(connection) =>
        _protocol = new WebSocketProtocol(WebSocketRole.Server, options, connection.Transport.Output, compression);

    public override void Write(ReadOnlySpan<byte> text) => _protocol.WriteMessage(WebSocketMessageType.Text, text);

    public override bool TryWriteProbe()
    {
        _protocol.WritePing([]);

        return true;
    }

    protected override ChannelEvent ReadNext(ref ReadOnlySequence<byte> input) => _protocol.ReadNext(ref input);

    // RFC 6455, 5.2: the opcode is in the low half of the first byte. Inside a frame this may err, which costs a moment.
    public override bool IsCloseNext(in ReadOnlySequence<byte> input) => !input.IsEmpty && (input.FirstSpan[0] & 0x0F) == (byte)Opcode.Close;

    protected override async ValueTask CloseAsync(ChannelClose reason, TimeSpan timeout, TimeProvider timeProvider)
    {
        if (_protocol.State == WebSocketConnectionState.Open)
        {
            _protocol.WriteClose((WebSocketCloseStatus)reason, reason: null);
        }

        await WebSocketCloser.FinishAsync(Connection, _protocol, timeout, timeProvider);
    }

    protected override void Release() => _protocol.Dispose();
}
