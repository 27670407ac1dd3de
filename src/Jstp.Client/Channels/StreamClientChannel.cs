using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Jstp.Transport.Channels;
using Jstp.Transport.Streams;

namespace Jstp.Client.Channels;

/// <summary>JSTP over TCP, TLS or a Unix socket: texts that each end with a zero byte (protocol page, appendix).</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The end of a channel disposes the stream, and with it the socket.")]
internal sealed class StreamClientChannel : ClientChannel
{
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 16 * 1024);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly JstpStreamReader _reader;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;

    private StreamClientChannel(Socket socket, Stream stream, int maxMessageSize)
    {
        _socket = socket;
        _stream = stream;
        _reader = new JstpStreamReader(maxMessageSize);
        _input = PipeReader.Create(stream, ReaderOptions);
        _output = PipeWriter.Create(stream);
    }

    public override PipeReader Input => _input;

    public override PipeWriter Output => _output;

    /// <summary>Connects to <c>tcp://host:port</c>, <c>tls://host:port</c> or <c>unix:/path</c>.</summary>
    public static async Task<ClientChannel> ConnectAsync(Uri url, JstpClientOptions options, CancellationToken cancellationToken)
    {
        Socket socket = url.Scheme == ClientTransport.Unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        try
        {
            if (url.Scheme == ClientTransport.Unix)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Uri.UnescapeDataString(url.AbsolutePath)), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(url.IdnHost, url.Port, cancellationToken).ConfigureAwait(false);
            }

            Stream stream = new NetworkStream(socket, ownsSocket: true);

            if (url.Scheme == ClientTransport.Tls)
            {
                stream = await SecureAsync(stream, url, options, cancellationToken).ConfigureAwait(false);
            }

            return new StreamClientChannel(socket, stream, options.MaxMessageSize);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override ChannelEvent Read(ref ReadOnlySequence<byte> input) => _reader.ReadNext(ref input);

    public override ReadOnlySpan<byte> TakeReplies() => default;

    public override void Write(ReadOnlySpan<byte> text) => JstpStreamWriter.Write(_output, text);

    public override async ValueTask EndOutputAsync(ChannelClose reason)
    {
        await _output.FlushAsync().ConfigureAwait(false);

        if (_stream is SslStream tls)
        {
            await tls.ShutdownAsync().ConfigureAwait(false);
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    public override async ValueTask CloseAsync(ChannelClose reason, TimeSpan timeout, TimeProvider timeProvider)
    {
        using var deadline = new CancellationTokenSource(timeout, timeProvider);

        try
        {
            await EndOutputAsync(reason).AsTask().WaitAsync(deadline.Token).ConfigureAwait(false);
            ReadResult result;

            do
            {
                // What is still on its way is discarded, so that the server reads our last bytes before it learns of the end.
                result = await _input.ReadAsync(deadline.Token).ConfigureAwait(false);
                _input.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The server is gone, or takes too long: nothing is lost but the order of the end.
        }

        _reader.Dispose();
        Abort();
    }

    public override void Abort() => _stream.Dispose();

    private static async Task<Stream> SecureAsync(Stream stream, Uri url, JstpClientOptions options, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream);
        SslClientAuthenticationOptions settings = options.Tls ?? new SslClientAuthenticationOptions();

        if (string.IsNullOrEmpty(settings.TargetHost))
        {
            settings.TargetHost = url.IdnHost;
        }

        await tls.AuthenticateAsClientAsync(settings, cancellationToken).ConfigureAwait(false);

        return tls;
    }
}
