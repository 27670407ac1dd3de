using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketConnection
{
    /// <summary>Frames of one read after which others get their turn (specification page, 5.3).</summary>
    private const int MaxFramesPerTurn = 64;

    private readonly TaskCompletionSource _readingOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlySequence<byte> _unread;
    private bool _hasUnread;
    private bool _inputEnded;
    private bool _hasClosed; // a Close, the peer's or ours for a broken rule, ended the reading
    private int _framesOfTurn;
    private int _reader; // 0 nobody yet, 1 someone reads, 2 reading is over
    private volatile bool _outputLost;
    private volatile bool _dropped;
    private volatile TaskCompletionSource? _resumed;
    private Exception? _outputError;
    private Exception? _inputError;

    /// <summary>Called for every message.</summary>
    public Func<WebSocketMessage, ValueTask>? OnMessage { get; set; }

    /// <summary>Called for every frame, control frames included, when <see cref="WebSocketServerOptions.AssembleFragments"/> is off.</summary>
    public Func<WebSocketFrame, ValueTask>? OnFrame { get; set; }

    /// <summary>Called for every ping, before it is answered; it can be kept from being answered.</summary>
    public Func<WebSocketPing, ValueTask>? OnPing { get; set; }

    /// <summary>Called for every pong, with its payload.</summary>
    public Func<ReadOnlyMemory<byte>, ValueTask>? OnPong { get; set; }

    /// <summary>Called once, last of all, when the connection has ended.</summary>
    public Func<WebSocketCloseInfo, ValueTask>? OnClose { get; set; }

    /// <summary>Called when a callback or the transport fails, always followed by <see cref="OnClose"/>.</summary>
    public Func<Exception, ValueTask>? OnError { get; set; }

    /// <summary>Whether reading is paused.</summary>
    public bool IsReadingPaused => _resumed is not null;

    internal bool IsReadingHeldUp => IsReadingPaused || _hasUnread;

    internal bool IsFlushing => _sender.FlushingSince != 0;

    /// <summary>
    /// Gives the messages one by one, until the connection closes. A message's payload is valid until the next is asked for. Not asking holds the peer
    /// up, by TCP's own means.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody reads already.</exception>
    public async IAsyncEnumerable<WebSocketMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BeginReading();

        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                WebSocketEvent found = await ReadNextAsync();

                if (found.Type is WebSocketEventType.None)
                {
                    yield break;
                }

                if (found.Type is WebSocketEventType.Message)
                {
                    yield return new WebSocketMessage(found.MessageType, found.Payload);
                }
                else
                {
                    await DispatchAsync(found);
                }
            }
        }
        finally
        {
            EndReading();
        }
    }

    /// <summary>Reads and calls the callbacks until the connection has ended. Reading begins by itself when the request handler returns; this is for inside of it.</summary>
    public async Task RunAsync()
    {
        if (Interlocked.CompareExchange(ref _reader, 1, 0) == 0)
        {
            await DispatchAllAsync();
            EndReading();
        }

        await _closed.Task;
    }

    /// <summary>Stops reading, and so holds the peer up, by TCP's own means.</summary>
    public void PauseReading() => Interlocked.CompareExchange(ref _resumed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    /// <summary>Reads on.</summary>
    public void ResumeReading() => Interlocked.Exchange(ref _resumed, null)?.TrySetResult();

    internal bool IsFlushOverdue(TimeSpan timeout)
        => _sender.FlushingSince is var since and not 0
            && timeout != Timeout.InfiniteTimeSpan
            && _server.TimeProvider.GetElapsedTime(since) >= timeout;

    internal void OnDead(string cause)
    {
        LogDead(_server.Logger, Id, cause);
        _inputError ??= new TimeoutException($"The connection is dead: {cause}.");
        Abort();
    }

    internal async Task SendKeepAlivePingAsync()
    {
        try
        {
            await PingAsync();
            await _sender.WaitForDrainAsync(); // behind queued output it has not left yet
            _deadline.OnPingSent();
        }
        catch (Exception exception) when (exception is InvalidOperationException or WebSocketClosedException)
        {
            // A close came in between.
        }
    }

    /// <summary>Waits until the request handler has returned, after which reading begins, or has read to the end.</summary>
    internal Task AwaitHandlerAsync(Task handler)
    {
        _deadline.Start();
        return Task.WhenAny(handler, _readingOver.Task);
    }

    /// <summary>Sees the connection through to its end, reading if nobody else does.</summary>
    internal async Task<WebSocketCloseInfo> RunToEndAsync()
    {
        if (Interlocked.CompareExchange(ref _reader, 1, 0) == 0)
        {
            await DispatchAllAsync();
            EndReading();
        }

        await _readingOver.Task;
        _deadline.StopKeepAlive();
        await StopSendingAsync();
        WebSocketCloseInfo info = await FinishAsync();
        _deadline.Stop();
        LogClosed(_server.Logger, Id, (int)info.Code, info.Description);
        return info;
    }

    /// <summary>Tells the application, after the server's own listeners were told.</summary>
    internal async Task RaiseClosedAsync(WebSocketCloseInfo info)
    {
        _closed.TrySetResult(info);

        if (info.Exception is { } exception)
        {
            await RaiseErrorAsync(exception);
        }

        if (OnClose is { } onClose)
        {
            try
            {
                await onClose(info);
            }
            catch (Exception failure)
            {
                LogCallbackFailed(_server.Logger, failure, Id);
            }
        }
    }

    private void BeginReading()
    {
        if (Interlocked.CompareExchange(ref _reader, 1, 0) != 0)
        {
            throw new InvalidOperationException("The connection is being read already, or has ended.");
        }
    }

    private void EndReading()
    {
        if (_hasUnread)
        {
            // What was not looked at must come again for whoever ends the connection.
            _hasUnread = false;
            _transport.Transport.Input.AdvanceTo(_unread.Start);
        }

        Volatile.Write(ref _reader, 2);
        _readingOver.TrySetResult();
    }

    private async Task DispatchAllAsync()
    {
        try
        {
            while (await BeginTurnAsync())
            {
                while (TryTakeEvent(out WebSocketEvent found))
                {
                    ValueTask handled = Dispatch(found);

                    if (!handled.IsCompletedSuccessfully)
                    {
                        await _sender.FlushRepliesAsync();
                        await handled;
                    }
                }
            }
        }
        catch (Exception exception)
        {
            await OnCallbackFailedAsync(exception);
        }
    }

    private async ValueTask DispatchAsync(WebSocketEvent found)
    {
        try
        {
            await Dispatch(found);
        }
        catch (Exception exception)
        {
            await OnCallbackFailedAsync(exception);
        }
    }

    /// <summary>Runs the callback. What it sends before it first awaits goes out with the flush of the turn.</summary>
    private ValueTask Dispatch(in WebSocketEvent found)
    {
        _sender.BeginDeferring();

        try
        {
            return found.Type switch
            {
                WebSocketEventType.Message => OnMessage?.Invoke(new WebSocketMessage(found.MessageType, found.Payload)) ?? default,
                WebSocketEventType.Frame => OnFrame?.Invoke(new WebSocketFrame(found.Opcode, found.Payload, found.Fin, found.Reserved)) ?? default,
                WebSocketEventType.Ping => AnswerPingAsync(found.Payload),
                WebSocketEventType.Pong => OnPong?.Invoke(found.Payload) ?? default,
                _ => default,
            };
        }
        finally
        {
            _sender.EndDeferring();
        }
    }

    private async ValueTask AnswerPingAsync(ReadOnlyMemory<byte> payload)
    {
        if (OnPing is not { } onPing)
        {
            return;
        }

        var ping = new WebSocketPing(payload);
        await onPing(ping);

        if (!ping.IsCancelled)
        {
            lock (_sync)
            {
                _protocol.AnswerPing(payload.Span);
            }
        }
    }

    /// <summary>The next thing the application is told; <see cref="WebSocketEventType.None"/> when there will be no more.</summary>
    private async ValueTask<WebSocketEvent> ReadNextAsync()
    {
        WebSocketEvent found;

        while (!TryTakeEvent(out found) && await BeginTurnAsync())
        {
            // The bytes were not enough for an event.
        }

        return found;
    }

    /// <summary>Ends the turn before and waits for bytes.</summary>
    /// <returns><see langword="false"/> when there is nothing more to be read for the application.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // waits once a read, and would allocate as often
    private async ValueTask<bool> BeginTurnAsync()
    {
        try
        {
            await EndTurnAsync();

            if (_inputEnded || _hasClosed || _outputLost || _dropped || State is not WebSocketConnectionState.Open)
            {
                return false;
            }

            ReadResult result = await _transport.Transport.Input.ReadAsync();
            _unread = result.Buffer;
            _hasUnread = true;
            _framesOfTurn = 0;
            _inputEnded = result.IsCompleted;

            if (!_unread.IsEmpty)
            {
                _deadline.OnReceived();
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or WebSocketClosedException)
        {
            _inputError ??= exception;
            return false;
        }
    }

    /// <summary>Takes the next event out of the turn's bytes.</summary>
    /// <returns><see langword="false"/> when the turn is over.</returns>
    private bool TryTakeEvent(out WebSocketEvent found)
    {
        found = default;

        if (!_hasUnread || IsReadingPaused || _framesOfTurn >= MaxFramesPerTurn)
        {
            return false;
        }

        lock (_sync)
        {
            _protocol.AutomaticPong = OnPing is null;
            found = _protocol.Read(ref _unread);
        }

        _framesOfTurn++;

        switch (found.Type)
        {
            case WebSocketEventType.None:
                _hasUnread = false;
                _transport.Transport.Input.AdvanceTo(_unread.Start, _unread.End);
                return false;

            case WebSocketEventType.Close or WebSocketEventType.Failed:
                // What the peer sends behind it is no more the application's.
                _hasClosed = true;
                found = default;
                return false;

            default:
                return true;
        }
    }

    /// <summary>Flushes what the turn wrote, gives other connections their turn after a long one, and waits while reading is paused.</summary>
    private async ValueTask EndTurnAsync()
    {
        if (_hasUnread)
        {
            _hasUnread = false;
            _inputEnded = false; // it comes again with the rest
            _transport.Transport.Input.AdvanceTo(_unread.Start);
        }

        await _sender.FlushRepliesAsync();

        if (_framesOfTurn >= MaxFramesPerTurn)
        {
            await Task.Yield();
        }

        if (_resumed is { } resumed)
        {
            await resumed.Task;
        }
    }

    private async Task OnCallbackFailedAsync(Exception exception)
    {
        LogCallbackFailed(_server.Logger, exception, Id);
        await RaiseErrorAsync(exception);
        await CloseAsync(WebSocketCloseStatus.InternalServerError);
    }

    private async ValueTask RaiseErrorAsync(Exception exception)
    {
        if (OnError is { } onError)
        {
            try
            {
                await onError(exception);
            }
            catch (Exception failure)
            {
                LogCallbackFailed(_server.Logger, failure, Id);
            }
        }
    }

    /// <summary>A callback that does not return, or a reader that does not come back, must not hold up the end of the transport.</summary>
    private async Task EnforceCloseTimeoutAsync()
    {
        try
        {
            await _readingOver.Task.WaitAsync(_server.Options.CloseTimeout, _server.TimeProvider);
        }
        catch (TimeoutException)
        {
            Abort();
        }
    }

    private async Task StopSendingAsync()
    {
        TimeSpan timeout = _server.Options.CloseTimeout;

        try
        {
            await _sender.StopAsync(() => new WebSocketClosedException(_protocol.GetCloseInfo())).AsTask().WaitAsync(timeout, _server.TimeProvider);
        }
        catch (TimeoutException)
        {
            Abort(); // a peer that takes nothing does not get to hold the connection either
        }
    }

    private ValueTask<WebSocketCloseInfo> FinishAsync()
    {
        TimeSpan timeout = _dropped ? WebSocketCloser.MaxDiscardTime : _server.Options.CloseTimeout;
        Exception? error = _inputError ?? (_outputLost ? _outputError ?? new IOException("The peer takes nothing any more.") : null);

        return WebSocketCloser.FinishAsync(_transport, _protocol, timeout, _server.TimeProvider, error);
    }
}
