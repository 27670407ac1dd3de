using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.WebSockets;
using Jstp.Transport.WebSockets.Compression;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// One accepted connection (specification page, section 4). Sending is safe from any thread; receiving is one reader's: either callbacks, awaited one at a
/// time, or <see cref="ReadAllAsync"/>.
/// </summary>
/// <remarks>
/// Reading begins when the request handler has returned, so that whatever it attached misses nothing; or, inside the handler, with
/// <see cref="ReadAllAsync"/> or <see cref="RunAsync"/>.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "The protocol is disposed where every connection ends, in WebSocketCloser.")]
public sealed partial class WebSocketConnection
{
    private static long _lastId;

    private readonly Lock _sync = new();
    private readonly UpgradedConnection _transport;
    private readonly WebSocketServerContext _server;
    private readonly ReplyBuffer _replies = new();
    private readonly WebSocketProtocol _protocol;
    private readonly MessageDeflater? _deflater;
    private readonly WebSocketSender _sender;
    private readonly ConnectionDeadline _deadline;
    private readonly TaskCompletionSource<WebSocketCloseInfo> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FeatureCollection? _features;
    private bool _closing; // under _sync: our Close is queued

    internal WebSocketConnection(
        UpgradedConnection transport,
        WebSocketHandshake handshake,
        string? protocol,
        PerMessageDeflate? compression,
        WebSocketServerContext server)
    {
        Id = Interlocked.Increment(ref _lastId);
        Protocol = protocol;
        Version = handshake.Version;
        _transport = transport;
        _server = server;
        _deflater = compression?.Deflater;
        _protocol = new WebSocketProtocol(WebSocketRole.Server, server.ProtocolOptions, _replies, compression);
        _sender = new WebSocketSender(this, transport.Transport.Output, _replies, _sync);
        _deadline = new ConnectionDeadline(this, server);
    }

    /// <summary>A number that no other connection of the process has.</summary>
    public long Id { get; }

    /// <summary>The subprotocol, in the client's spelling; <see langword="null"/> when none was agreed on.</summary>
    public string? Protocol { get; }

    /// <summary>The extensions in use.</summary>
    public IReadOnlyList<WebSocketExtensionOffer> Extensions { get; internal init; } = [];

    /// <summary>The protocol version: 13, or 8 for the draft.</summary>
    public int Version { get; }

    /// <summary>The peer's address; <see langword="null"/> on Unix sockets.</summary>
    public IPAddress? RemoteAddress => _transport.RemoteAddress;

    /// <summary>
    /// The <see cref="RemoteAddress"/> and, when forwarded headers changed that, behind it the proxy that the connection comes from. Empty on Unix sockets.
    /// </summary>
    public IReadOnlyList<IPAddress> RemoteAddresses => WebSocketRequest.ListAddresses(RemoteAddress, PeerAddress);

    /// <summary>The peer's address and port; <see langword="null"/> on Unix sockets.</summary>
    public EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    /// <summary>Whatever the application wants to keep with the connection.</summary>
    public IFeatureCollection Features => LazyInitializer.EnsureInitialized(ref _features);

    /// <summary>How far the connection is on its way to the end.</summary>
    public WebSocketConnectionState State
    {
        get
        {
            lock (_sync)
            {
                return _closing && _protocol.State is WebSocketConnectionState.Open ? WebSocketConnectionState.CloseSent : _protocol.State;
            }
        }
    }

    /// <summary>Whether messages can be sent: <see langword="false"/> from the moment a close starts.</summary>
    public bool Connected => State is WebSocketConnectionState.Open;

    /// <summary>How the connection ended; <see langword="null"/> until it did.</summary>
    public WebSocketCloseInfo? CloseInfo => _closed.Task.IsCompletedSuccessfully ? _closed.Task.Result : null;

    /// <summary>Completes when the connection has ended, with how it did. Never fails.</summary>
    public Task<WebSocketCloseInfo> Completion => _closed.Task;

    /// <summary>Fires when the transport has ended or was cut off.</summary>
    public CancellationToken ConnectionAborted => _transport.Closed;

    /// <summary>Bytes that wait to be written behind a send that is under way.</summary>
    public long BytesQueued => _sender.QueuedLength;

    /// <summary>Whether the peer takes less than is sent at this moment; <see cref="Drained"/> tells when it no longer does.</summary>
    public bool IsOutputFull => _sender.IsFull;

    /// <summary>The code of the peer's Close, were it illegal; <see langword="null"/> until one came, and when it had none.</summary>
    public WebSocketCloseStatus? PeerCloseCode
    {
        get
        {
            lock (_sync)
            {
                return _protocol.PeerCloseCode;
            }
        }
    }

    /// <summary>The host that it came in by; <see langword="null"/> when the server was called without a mapping.</summary>
    internal ServerMount? Mount { get; init; }

    /// <summary>The address of TCP's other end; <see langword="null"/> on Unix sockets.</summary>
    internal IPAddress? PeerAddress { get; init; }

    /// <summary>Its bytes.</summary>
    internal UpgradedConnection Transport => _transport;

    internal WebSocketMetrics Metrics => _server.Metrics;

    internal long? MaxSendBacklog => _server.Options.MaxSendBacklog;

    /// <summary>Whether a Close of ours is out. Needs the lock.</summary>
    internal bool IsCloseWritten => _protocol.State is not WebSocketConnectionState.Open;

    /// <summary>
    /// Begins the closing handshake behind everything sent before, and completes when our Close is flushed; <see cref="Completion"/> waits for the end.
    /// Does nothing when a close is under way already.
    /// </summary>
    /// <param name="code">A code that may be sent; see <see cref="CloseCode.IsValidOnWire"/>.</param>
    /// <param name="description">At most 123 bytes of UTF-8; <see langword="null"/> is the standard text of the code, "" is none.</param>
    /// <exception cref="ArgumentException">The code may not be sent, or the description is too long or holds an unpaired surrogate.</exception>
    public ValueTask CloseAsync(WebSocketCloseStatus code = WebSocketCloseStatus.NormalClosure, string? description = null)
    {
        WebSocketProtocol.ValidateClose(code, ref description);
        CloseOperation operation;

        lock (_sync)
        {
            if (_closing || IsCloseWritten)
            {
                return default;
            }

            _closing = true;
            operation = new CloseOperation(() => WriteClose(code, description));
            _sender.EnqueueCloseLocked(operation);
        }

        _deadline.StopKeepAlive();
        return CompleteCloseAsync(operation);
    }

    /// <summary>
    /// Sends a Close as well as that goes, and ends the connection without waiting for the peer's; for peers that broke a rule of the application.
    /// </summary>
    /// <param name="code">A code that may be sent. The default is 1002.</param>
    /// <param name="description">As for <see cref="CloseAsync"/>.</param>
    public async ValueTask DropAsync(WebSocketCloseStatus code = WebSocketCloseStatus.ProtocolError, string? description = null)
    {
        _dropped = true;
        await CloseAsync(code, description);
        _transport.Transport.Input.CancelPendingRead();
    }

    /// <summary>Cuts the connection off at once; the peer sees a reset, reported as 1006 unless a close was under way.</summary>
    public void Abort()
    {
        lock (_sync)
        {
            _protocol.OnAborted();
        }

        _transport.Abort();
        ResumeReading();
    }

    /// <summary>
    /// The connection as the framework's <see cref="WebSocket"/>, for code that wants one. It takes the reading over: call it once, in the request handler,
    /// and receive until the Close. Pings and Close are answered by themselves; what arrives after our own Close is discarded; a cancelled receive or send
    /// leaves the connection usable.
    /// </summary>
    public WebSocket AsWebSocket() => new WebSocketView(this);

    /// <summary>Closes, and waits for the end.</summary>
    internal async Task CloseAndWaitAsync(WebSocketCloseStatus code, string? description)
    {
        await CloseAsync(code, description);
        await Completion;
    }

    /// <summary>Whether a close has begun, so that nothing more is to be sent. Needs the lock.</summary>
    internal bool IsSendingRefused => _closing || IsCloseWritten;

    /// <summary>What the policy says to a message that exceeds the backlog. Needs the lock.</summary>
    internal bool IsBacklogRefused()
    {
        if (_server.Options.SlowConsumerPolicy is SlowConsumerPolicy.Close)
        {
            LogSlowConsumer(_server.Logger, Id);
            ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.CloseAsync(CloseCode.TryAgainLater).AsTask(), this, preferLocal: false);
        }

        return _server.Options.SlowConsumerPolicy is not SlowConsumerPolicy.Wait;
    }

    internal long OnFlushWaiting()
    {
        _deadline.OnFlushWaiting();
        return _server.TimeProvider.GetTimestamp();
    }

    /// <summary>The transport takes no more output: the reader must notice, were the peer silent.</summary>
    internal WebSocketClosedException OnOutputLost(Exception? exception)
    {
        _outputError ??= exception;
        _transport.Transport.Input.CancelPendingRead();

        lock (_sync)
        {
            _outputLost = true;
            return new WebSocketClosedException(_protocol.GetCloseInfo(exception));
        }
    }

    private async ValueTask CompleteCloseAsync(CloseOperation operation)
    {
        try
        {
            await _sender.FlushRepliesAsync();
            await operation.Task;
        }
        catch (Exception exception) when (exception is WebSocketClosedException or InvalidOperationException)
        {
            // The connection ended first, which is what was wanted.
        }

        _transport.Transport.Input.CancelPendingRead();
        ResumeReading();
        _ = EnforceCloseTimeoutAsync();
    }

    private void WriteClose(WebSocketCloseStatus code, string? description)
    {
        lock (_sync)
        {
            _protocol.WriteClose(code, description);
        }
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "Connection {Id} takes messages too slowly and is closed")]
    private static partial void LogSlowConsumer(ILogger logger, long id);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "A callback of connection {Id} failed; the connection is closed with 1011")]
    private static partial void LogCallbackFailed(ILogger logger, Exception exception, long id);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Debug, Message = "Connection {Id} ended with {Code} ({Description})")]
    private static partial void LogClosed(ILogger logger, long id, int code, string description);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Error, Message = "A listener of an event of connection {Id} failed")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception, long id);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Debug, Message = "Connection {Id} is dead and cut off: {Cause}")]
    private static partial void LogDead(ILogger logger, long id, string cause);
}
