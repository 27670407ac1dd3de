using System.IO.Pipelines;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// Lets many threads send on one connection. One of them owns the output at a time and writes and flushes; what the others bring waits in order. Replies
/// of the protocol go first, at the next boundary between frames.
/// </summary>
internal sealed class WebSocketSender(WebSocketConnection connection, PipeWriter output, ReplyBuffer replies, Lock sync)
{
    /// <summary>Unflushed bytes at which writing stops and flushing begins.</summary>
    public const int HighWaterMark = 64 * 1024;

    // All under the connection's lock, except by who owns the output: _written.
    private readonly Queue<SendOperation> _queue = new();
    private readonly List<SendOperation> _written = [];
    private SendOperation? _begun; // the head of the queue, once its first frame may be out
    private TaskCompletionSource? _drained;
    private long _queuedLength;
    private long _flushingSince;
    private bool _owned;
    private bool _stopped;

    // The thread whose sends need no flush of their own, as the read loop flushes behind them; 0 is none.
    private int _deferringThread;

    /// <summary>Bytes that wait to be written.</summary>
    public long QueuedLength => Interlocked.Read(ref _queuedLength);

    /// <summary>Since when the present flush waits for the peer; 0 while none does.</summary>
    public long FlushingSince => Interlocked.Read(ref _flushingSince);

    /// <summary>Sends on the calling thread are flushed by <see cref="FlushRepliesAsync"/> from now on.</summary>
    public void BeginDeferring() => _deferringThread = Environment.CurrentManagedThreadId;

    public void EndDeferring() => _deferringThread = 0;

    /// <summary>The common case: a message of moderate length, nobody else sending. Allocates nothing.</summary>
    /// <returns><see langword="false"/> when the output is not free; then nothing was written or refused.</returns>
    public bool TrySend(Opcode opcode, ReadOnlySpan<byte> payload, int threshold, out ValueTask flushed)
    {
        flushed = default;

        lock (sync)
        {
            if (connection.IsSendingRefused)
            {
                flushed = Refuse();
                return true;
            }

            if (_owned)
            {
                return false;
            }

            // What was answered before this message goes out before it.
            MoveRepliesLocked();
            FrameWriter.WriteMessage(output, WebSocketRole.Server, opcode, payload, threshold);

            if (_deferringThread == Environment.CurrentManagedThreadId && output.UnflushedBytes < HighWaterMark)
            {
                return true; // the read loop flushes
            }

            _owned = true;
        }

        flushed = FlushOwnedAsync();
        return true;
    }

    /// <summary>Queues an operation; if the output is free, the calling thread begins to write it.</summary>
    public ValueTask EnqueueAsync(SendOperation operation, CancellationToken cancellationToken)
    {
        lock (sync)
        {
            if (connection.IsSendingRefused)
            {
                return Refuse();
            }

            if (_queuedLength > 0 && _queuedLength + operation.Length > connection.MaxSendBacklog && connection.IsBacklogRefused())
            {
                return ValueTask.FromException(new WebSocketBacklogException());
            }

            AddLocked(operation);
            operation.CancelWith(cancellationToken);

            if (_owned)
            {
                return new ValueTask(operation.Task);
            }

            _owned = true;
        }

        _ = PumpAsync();
        return new ValueTask(operation.Task);
    }

    /// <summary>Writes a control frame, which overtakes messages that wait.</summary>
    public ValueTask SendControlAsync(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        lock (sync)
        {
            if (connection.IsSendingRefused)
            {
                return Refuse();
            }

            FrameWriter.Write(replies, WebSocketRole.Server, FrameHeader.ComposeFirstByte(opcode, fin: true), payload);
        }

        return FlushRepliesAsync();
    }

    /// <summary>Queues our Close. Must be called with the lock held; the pump is started by <see cref="FlushRepliesAsync"/>.</summary>
    public void EnqueueCloseLocked(CloseOperation operation) => AddLocked(operation);

    /// <summary>Writes and flushes what the protocol replied and what sends deferred. Completes at once when another thread is sending: it takes them along.</summary>
    public ValueTask FlushRepliesAsync()
    {
        lock (sync)
        {
            if (_owned)
            {
                return default;
            }

            if (_queue.Count == 0 && replies.IsEmpty && output.UnflushedBytes == 0)
            {
                return default;
            }

            _owned = true;

            MoveRepliesLocked();
        }

        return FlushOwnedAsync();
    }

    /// <summary>Completes when nothing waits to be written.</summary>
    public Task WaitForDrainAsync()
    {
        lock (sync)
        {
            return _owned && !_stopped
                ? (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    /// <summary>Refuses further sends, fails those that wait, and takes the output for good once its present owner lets go.</summary>
    public async ValueTask StopAsync(Func<Exception> reason)
    {
        List<SendOperation> failed = [];

        lock (sync)
        {
            _stopped = true;

            while (_queue.TryDequeue(out SendOperation? operation))
            {
                failed.Add(operation);
            }

            _queuedLength = 0;
        }

        foreach (SendOperation operation in failed)
        {
            operation.Fail(reason());
        }

        while (!TryTakeStopped(out Task released))
        {
            await released;
        }
    }

    private bool TryTakeStopped(out Task released)
    {
        lock (sync)
        {
            if (!_owned)
            {
                _owned = true;
                MoveRepliesLocked();
                released = Task.CompletedTask;
                return true;
            }

            released = (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            return false;
        }
    }

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

    private static ValueTask Refuse()
        => ValueTask.FromException(new InvalidOperationException("The connection is closing or closed; nothing can be sent."));

    private void AddLocked(SendOperation operation)
    {
        _queue.Enqueue(operation);
        Interlocked.Add(ref _queuedLength, operation.Length);
    }

    /// <summary>Flushes as the owner, and lets go or goes on with what came in the meantime.</summary>
    private ValueTask FlushOwnedAsync()
    {
        ValueTask<FlushResult> flush;

        try
        {
            // Without a token: cancelling a flush would leave half a frame behind.
            flush = output.FlushAsync(CancellationToken.None);
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

    private async ValueTask AwaitFlushAsync(ValueTask<FlushResult> flush)
    {
        await AwaitPeerAsync(flush);
        Release();
    }

    private async ValueTask AwaitPeerAsync(ValueTask<FlushResult> flush)
    {
        Interlocked.Exchange(ref _flushingSince, connection.OnFlushWaiting());

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
            failed = [.. _written, .. _queue];
            _written.Clear();
            _queue.Clear();
            _queuedLength = 0;
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
            if (_queue.Count == 0 && replies.IsEmpty)
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
    }

    /// <summary>Writes as the owner until nothing is left. Never throws: failures go to the operations.</summary>
    private async Task PumpAsync()
    {
        try
        {
            while (WriteBatch())
            {
                ValueTask<FlushResult> flush = output.FlushAsync(CancellationToken.None);

                if (!flush.IsCompletedSuccessfully)
                {
                    await AwaitPeerAsync(flush);
                }
                else if (flush.Result.IsCompleted)
                {
                    OnOutputLost(null);
                    return;
                }

                CompleteWritten();
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
            SendOperation? operation;

            lock (sync)
            {
                wrote |= MoveRepliesLocked();

                if (!TryPeekLocked(out operation))
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
                OnWritten(operation);
            }
        }

        return true;
    }

    private bool TryPeekLocked(out SendOperation operation)
    {
        // RFC 6455, 5.5.1: after a Close nothing more is sent, not even the rest of a message.
        while (!connection.IsCloseWritten && _queue.TryPeek(out operation!))
        {
            if (operation == _begun)
            {
                return true;
            }

            if (operation.TryBegin())
            {
                _begun = operation;
                return true;
            }

            _queue.Dequeue();
            Interlocked.Add(ref _queuedLength, -operation.Length);
        }

        operation = null!;
        return false;
    }

    private void OnWritten(SendOperation operation)
    {
        lock (sync)
        {
            // A stop may have emptied the queue meanwhile.
            if (_queue.TryPeek(out SendOperation? first) && first == operation)
            {
                _queue.Dequeue();
                Interlocked.Add(ref _queuedLength, -operation.Length);
            }

            _begun = null;
            _written.Add(operation);
        }
    }

    private void CompleteWritten()
    {
        foreach (SendOperation operation in _written)
        {
            operation.Complete();
        }

        _written.Clear();
    }
}
