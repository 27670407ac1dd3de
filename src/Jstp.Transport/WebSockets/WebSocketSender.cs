using System.IO.Pipelines;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// Lets many threads send on one connection. One of them owns the output at a time and writes and flushes; what the others bring waits in order. Replies
/// of the protocol go first, at the next boundary between frames.
/// </summary>
internal sealed partial class WebSocketSender(WebSocketConnection connection, PipeWriter output, ReplyBuffer replies, Lock sync)
{
    /// <summary>Unflushed bytes at which writing stops and flushing begins.</summary>
    public const int HighWaterMark = 64 * 1024;

    private readonly WebSocketMetrics _metrics = connection.Metrics;
    private readonly SendQueue _queue = new(connection.Metrics);
    private TaskCompletionSource? _drained;
    private long _flushingSince;
    private bool _owned; // under the lock, as all below
    private bool _stopped;
    private bool _wasFull;

    // The thread whose sends need no flush of their own, as the read loop flushes behind them; 0 is none.
    private int _deferringThread;

    /// <summary>Bytes that wait to be written.</summary>
    public long QueuedLength => _queue.Length;

    /// <summary>Since when the present flush waits for the peer; 0 while none does.</summary>
    public long FlushingSince => Interlocked.Read(ref _flushingSince);

    /// <summary>Whether the peer takes less than is sent, so that something waits.</summary>
    public bool IsFull => FlushingSince != 0 || QueuedLength > 0;

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

            if (_queue.Length > 0 && _queue.Length + operation.Length > connection.MaxSendBacklog && connection.IsBacklogRefused())
            {
                return ValueTask.FromException(new WebSocketBacklogException());
            }

            _queue.AddLocked(operation);
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
    public void EnqueueCloseLocked(CloseOperation operation) => _queue.AddLocked(operation);

    /// <summary>Writes and flushes what the protocol replied and what sends deferred. Completes at once when another thread is sending: it takes them along.</summary>
    public ValueTask FlushRepliesAsync()
    {
        lock (sync)
        {
            if (_owned)
            {
                return default;
            }

            if (_queue.IsEmptyLocked && replies.IsEmpty && output.UnflushedBytes == 0)
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
        List<SendOperation> failed;

        lock (sync)
        {
            _stopped = true;
            failed = _queue.TakeWaitingLocked();
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

    private static ValueTask Refuse()
        => ValueTask.FromException(new InvalidOperationException("The connection is closing or closed; nothing can be sent."));
}
