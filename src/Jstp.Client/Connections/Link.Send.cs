using System.Buffers;
using System.IO.Pipelines;
using Jstp.Client.Sessions;
using Jstp.Transport.Channels;

namespace Jstp.Client.Connections;

// The writer. Whoever adds a text sees to it that a flush is on its way; a flush takes all that waits, so that many calls share a system call.
internal sealed partial class Link : IThreadPoolWorkItem
{
    private const int MaxFlushLength = 64 * 1024;

    private readonly SendWindow _window;
    private readonly ArrayBufferWriter<byte> _replies = new();
    private readonly List<ReadOnlyMemory<byte>> _taken = []; // the writer's alone
    private bool _isFlushing; // somebody is the writer, or is about to be
    private bool _isHandling; // the reader is in the midst of a batch, and will look at its end
    private bool _isEnded;
    private ChannelClose? _ending; // we close, once everything is sent
    private bool _isOutputEnded;
    private TaskCompletionSource? _flushesEnded;

    private bool IsEnding => Volatile.Read(ref _isOutputEnded);

    void IThreadPoolWorkItem.Execute() => _ = FlushAsync();

    /// <summary>Says, inside the lock, that something waits.</summary>
    /// <returns>Whether the caller must call <see cref="Flush"/> outside the lock.</returns>
    public bool MustFlushLocked()
    {
        if (_isFlushing || _isHandling || _isEnded)
        {
            return false;
        }

        return _isFlushing = true;
    }

    /// <summary>Sends what waits.</summary>
    /// <param name="isAlone">Whether nobody else waits for answers, so that there is nothing to wait for and to share the flush with.</param>
    public void Flush(bool isAlone)
    {
        if (isAlone)
        {
            _ = FlushAsync();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Ends the connection in order, once everything is sent. The run ends when the server has done its part.</summary>
    public void End(ChannelClose reason)
    {
        bool mustFlush;

        lock (_gate)
        {
            _ending ??= reason;
            mustFlush = MustFlushLocked();
        }

        if (mustFlush)
        {
            Flush(isAlone: true);
        }

        _clock.LimitEnd(_options.CloseTimeout);
    }

    /// <summary>Code of the application is about to run in the reader and may take its time: nothing is held back for the end of the batch.</summary>
    public void SuspendBatch() => EndBatch();

    private void BeginBatch()
    {
        lock (_gate)
        {
            _isHandling = true;
        }
    }

    private void EndBatch()
    {
        bool mustFlush;

        lock (_gate)
        {
            _isHandling = false;
            mustFlush = HasWorkLocked && MustFlushLocked();
        }

        if (mustFlush)
        {
            Flush(isAlone: true);
        }
    }

    private bool HasWorkLocked => _window.WaitingCount > 0 || _replies.WrittenCount > 0 || (_ending is not null && !_isOutputEnded);

    private void Reply(ReadOnlySpan<byte> replies)
    {
        if (!replies.IsEmpty)
        {
            lock (_gate)
            {
                _replies.Write(replies);
            }
        }
    }

    private async Task FlushAsync()
    {
        try
        {
            while (TakeWork(out ChannelClose? ending))
            {
                if (ending is { } reason)
                {
                    await _channel.EndOutputAsync(reason).ConfigureAwait(false);

                    continue;
                }

                Write();
                FlushResult result = await _channel.Output.FlushAsync().ConfigureAwait(false);

                if (result.IsCompleted)
                {
                    EndOutput(); // the reader finds the end
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            Cut(exception);
            EndOutput();
        }
    }

    /// <summary>Finds the next thing to do; when there is none, there is no writer any more.</summary>
    private bool TakeWork(out ChannelClose? ending)
    {
        ending = null;

        lock (_gate)
        {
            if (_isEnded || _isOutputEnded || !HasWorkLocked)
            {
                EndFlushLocked();

                return false;
            }

            _window.ListWaiting(_taken, MaxFlushLength);

            if (_replies.WrittenCount > 0)
            {
                _channel.Output.Write(_replies.WrittenSpan);
                _replies.ResetWrittenCount();
            }
            else if (_taken.Count == 0)
            {
                ending = _ending;
                _isOutputEnded = true;
            }

            return true;
        }
    }

    private void Write()
    {
        foreach (ReadOnlyMemory<byte> text in _taken)
        {
            _connection.LogSent(text.Span);
            _channel.Write(text.Span);
        }

        lock (_gate)
        {
            _window.Take(_taken.Count);
        }

        _taken.Clear();
    }

    private void EndOutput()
    {
        lock (_gate)
        {
            _isEnded = true;
            EndFlushLocked();
        }
    }

    private void EndFlushLocked()
    {
        _isFlushing = false;
        _flushesEnded?.TrySetResult();
    }

    /// <summary>Lets nobody write any more, and waits for who does.</summary>
    private Task EndFlushesAsync()
    {
        lock (_gate)
        {
            _isEnded = true;

            if (!_isFlushing)
            {
                return Task.CompletedTask;
            }

            _flushesEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            return _flushesEnded.Task;
        }
    }
}
