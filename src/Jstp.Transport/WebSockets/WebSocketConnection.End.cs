namespace Jstp.Transport.WebSockets;

/// <content>The way from the request handler's return to the end.</content>
public sealed partial class WebSocketConnection
{
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
            try
            {
                await DispatchAllAsync();
            }
            finally
            {
                EndReading(); // whatever happened, or the connection would never be counted out
            }
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
        Metrics.OnClosed(info.Code);
        _pings?.Fail(new WebSocketClosedException(info));

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
