using System.Net.WebSockets;

namespace Jstp.Transport.WebSockets;

/// <content>What the application is told, and what comes of its failures.</content>
public sealed partial class WebSocketConnection
{
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

    /// <summary>Raised when <see cref="PauseReading"/> paused the reading.</summary>
    public event Action<WebSocketConnection>? Paused;

    /// <summary>Raised when <see cref="ResumeReading"/> resumed it, as a close does too.</summary>
    public event Action<WebSocketConnection>? Resumed;

    /// <summary>Raised when the peer, having taken less than was sent for a while, has taken everything; on a thread of the pool.</summary>
    public event Action<WebSocketConnection>? Drained;

    /// <summary>Needs the lock.</summary>
    internal void OnOutputDrained()
    {
        if (Drained is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Raise(self.Drained), this, preferLocal: false);
        }
    }

    private void Raise(Action<WebSocketConnection>? listeners)
    {
        try
        {
            listeners?.Invoke(this);
        }
        catch (Exception exception)
        {
            LogListenerFailed(_server.Logger, exception, Id);
        }
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
                WebSocketEventType.Pong => TellPong(found.Payload),
                _ => default,
            };
        }
        finally
        {
            _sender.EndDeferring();
        }
    }

    private ValueTask TellPong(ReadOnlyMemory<byte> payload)
    {
        OnPongReceived(payload.Span);
        return OnPong?.Invoke(payload) ?? default;
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

    private async Task OnCallbackFailedAsync(Exception exception)
    {
        if (_outputLost && exception is WebSocketClosedException)
        {
            return; // what was sent found nobody: the connection's end, and no failure of the callback
        }

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
}
