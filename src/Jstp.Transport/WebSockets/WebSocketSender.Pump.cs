using System.IO.Pipelines;

namespace Jstp.Transport.WebSockets;

/// <content>What the owner of the output does: writes, flushes, and lets go.</content>
internal sealed partial class WebSocketSender
{
    /// <summary>Moves the replies to the output, which the caller owns.</summary>
    private bool MoveRepliesLocked()
    {
        if (replies.IsEmpty)
        {
            return false;
        }

        replies.MoveTo(output);
        return true;
    }

    /// <summary>Flushes as the owner, and lets go or goes on with what came in the meantime.</summary>
    private ValueTask FlushOwnedAsync()
    {
        ValueTask<FlushResult> flush;

        try
        {
            flush = Flush();
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(OnOutputLost(exception));
        }

        if (!flush.IsCompletedSuccessfully)
        {
            return AwaitFlushAsync(flush);
        }

        if (flush.Result.IsCompleted)
        {
            return ValueTask.FromException(OnOutputLost(null));
        }

        Release();
        return default;
    }

    private ValueTask<FlushResult> Flush()
    {
        _metrics.OnSent(output);

        // Without a token: cancelling a flush would leave half a frame behind.
        return output.FlushAsync(CancellationToken.None);
    }

    private async ValueTask AwaitFlushAsync(ValueTask<FlushResult> flush)
    {
        await AwaitPeerAsync(flush);
        Release();
    }

    private async ValueTask AwaitPeerAsync(ValueTask<FlushResult> flush)
    {
        Interlocked.Exchange(ref _flushingSince, connection.OnFlushWaiting());

        lock (sync)
        {
            _wasFull = true;
        }

        try
        {
            FlushResult result = await flush;

            if (result.IsCompleted)
            {
                throw OnOutputLost(null);
            }
        }
        catch (Exception exception) when (exception is not WebSocketClosedException)
        {
            throw OnOutputLost(exception);
        }
        finally
        {
            Interlocked.Exchange(ref _flushingSince, 0);
        }
    }

    /// <summary>The transport takes nothing any more: everybody who waits is told, and the connection ends.</summary>
    private WebSocketClosedException OnOutputLost(Exception? exception)
    {
        WebSocketClosedException closed = connection.OnOutputLost(exception);
        List<SendOperation> failed;

        lock (sync)
        {
            failed = _queue.TakeAllLocked();
            LetGoLocked();
        }

        foreach (SendOperation operation in failed)
        {
            operation.Fail(closed);
        }

        return closed;
    }

    private void Release()
    {
        lock (sync)
        {
            if (_queue.IsEmptyLocked && replies.IsEmpty)
            {
                LetGoLocked();
                return;
            }
        }

        // Who sent one message does not stay to write everybody's.
        ThreadPool.UnsafeQueueUserWorkItem(static sender => _ = sender.PumpAsync(), this, preferLocal: false);
    }

    private void LetGoLocked()
    {
        _owned = false;
        _drained?.TrySetResult();
        _drained = null;

        if (_wasFull)
        {
            _wasFull = false;
            connection.OnOutputDrained();
        }
    }

    /// <summary>Writes as the owner until nothing is left. Never throws: failures go to the operations.</summary>
    private async Task PumpAsync()
    {
        try
        {
            while (WriteBatch())
            {
                ValueTask<FlushResult> flush = Flush();

                if (!flush.IsCompletedSuccessfully)
                {
                    await AwaitPeerAsync(flush);
                }
                else if (flush.Result.IsCompleted)
                {
                    OnOutputLost(null);
                    return;
                }

                _queue.CompleteWritten();
            }
        }
        catch (WebSocketClosedException)
        {
            // Told to the operations already.
        }
        catch (Exception exception)
        {
            OnOutputLost(exception);
        }
    }

    /// <summary>Writes frames up to the high-water mark.</summary>
    /// <returns><see langword="false"/> when there were none, and the output was let go.</returns>
    private bool WriteBatch()
    {
        bool wrote = false;

        while (output.UnflushedBytes < HighWaterMark)
        {
            SendOperation operation;

            lock (sync)
            {
                wrote |= MoveRepliesLocked();

                // RFC 6455, 5.5.1: after a Close nothing more is sent, not even the rest of a message.
                if (connection.IsCloseWritten || !_queue.TryPeekLocked(out operation))
                {
                    if (!wrote)
                    {
                        LetGoLocked();
                    }

                    return wrote;
                }
            }

            wrote = true;

            if (operation.WriteNext(output))
            {
                lock (sync)
                {
                    _queue.OnWrittenLocked(operation);
                }
            }
        }

        return true;
    }
}
