using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Jstp.Transport.Channels;
using Jstp.Transport.Streams;
using Jstp.Transport.WebSockets;

namespace Jstp.Actors.Connections;

/// <summary>
/// JSTP over a byte stream, TCP, TLS or a Unix socket: texts between zero bytes (protocol page, appendix). There is no close but the end of the stream, and no
/// probe below JSTP.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The end of a channel, orderly or not, gives the reader's memory back.")]
internal sealed class StreamChannel : MessageChannel
{
    private readonly JstpStreamReader _reader;

    /// <param name="connection">The transport.</param>
    /// <param name="maxMessageSize">Bytes that a message may have.</param>
    public StreamChannel(UpgradedConnection connection, int maxMessageSize)
        : base(connection) =>
        _reader = new JstpStreamReader(maxMessageSize);

    public override void Write(ReadOnlySpan<byte> text) => JstpStreamWriter.Write(Connection.Transport.Output, text);

    public override bool TryWriteProbe() => false;

    protected override ChannelEvent ReadNext(ref ReadOnlySequence<byte> input) => _reader.ReadNext(ref input);

    protected override async ValueTask CloseAsync(ChannelClose reason, TimeSpan timeout, TimeProvider timeProvider)
    {
        using var deadline = new CancellationTokenSource(timeout, timeProvider);

        try
        {
            await Connection.Transport.Output.FlushAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            Connection.Abort(); // who does not take the last words, or is gone, needs no end in order
        }

        Release();
        await Connection.CompleteAsync(timeout, timeProvider);
    }

    protected override void Release() => _reader.Dispose();
}
