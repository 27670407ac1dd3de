using System.IO.Pipelines;
using System.Net;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// An upgraded connection over the stream that the HTTP server gives: the documented way, and the only one for HTTP/2, for test servers and behind other
/// servers than Kestrel.
/// </summary>
internal sealed class StreamConnection : UpgradedConnection
{
    // Zero-byte reads, so that a connection that waits holds no buffer.
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 4096, leaveOpen: true, useZeroByteReads: true);

    // Few connections, each of which is to be quick: a read is one call of the system.
    private static readonly StreamPipeReaderOptions ClientReaderOptions = new(bufferSize: 16 * 1024, leaveOpen: true);

    private static readonly StreamPipeWriterOptions WriterOptions = new(leaveOpen: true);

    private readonly Stream _stream;
    private readonly Action _abort;
    private readonly Action? _onCompleted;

    public StreamConnection(
        Stream stream,
        Action abort,
        EndPoint? remoteEndPoint,
        EndPoint? localEndPoint,
        CancellationToken closed,
        Action? onCompleted = null,
        bool isClient = false)
        : base(new StreamDuplexPipe(stream, isClient ? ClientReaderOptions : ReaderOptions), remoteEndPoint, localEndPoint)
    {
        _stream = stream;
        _abort = abort;
        _onCompleted = onCompleted;
        Closed = closed;
    }

    public override CancellationToken Closed { get; }

    public override void Abort() => _abort();

    public override async ValueTask CompleteAsync(TimeSpan timeout, TimeProvider timeProvider)
    {
        try
        {
            Task flush = CompletePipesAsync();
            await flush.WaitAsync(timeout, timeProvider).ConfigureAwait(false);
            _onCompleted?.Invoke();
        }
        catch (TimeoutException)
        {
            Abort();
        }
    }

    private async Task CompletePipesAsync()
    {
        try
        {
            await Transport.Output.CompleteAsync().ConfigureAwait(false);
            await _stream.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The peer is gone already: there is nobody to flush to (specification page, K5).
            await Transport.Output.CompleteAsync(exception).ConfigureAwait(false);
        }

        await Transport.Input.CompleteAsync().ConfigureAwait(false);
    }

    private sealed class StreamDuplexPipe(Stream stream, StreamPipeReaderOptions readerOptions) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, readerOptions);

        public PipeWriter Output { get; } = PipeWriter.Create(stream, WriterOptions);
    }
}
