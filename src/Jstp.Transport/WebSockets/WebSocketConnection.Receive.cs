using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketConnection
{
    /// <summary>Frames of one read after which others get their turn (specification page, 5.3).</summary>
    private const int MaxFramesPerTurn = 64;

    private readonly TaskCompletionSource _readingOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlySequence<byte> _unread;
    private long _unreadLength; // at the begin of the turn
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
            try
            {
                await DispatchAllAsync();
            }
            finally
            {
                EndReading();
            }
        }

        await _closed.Task;
    }

    /// <summary>Stops reading, and so holds the peer up, by TCP's own means. Does nothing when reading is paused already.</summary>
    public void PauseReading()
    {
        var resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        if (Interlocked.CompareExchange(ref _resumed, resumed, null) is null)
        {
            Raise(Paused);
        }
    }

    /// <summary>Reads on. Does nothing when reading is not paused.</summary>
    public void ResumeReading()
    {
        if (Interlocked.Exchange(ref _resumed, null) is { } resumed)
        {
            resumed.TrySetResult();
            Raise(Resumed);
        }
    }

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
            ReturnUnread(_unread.Start);
        }

        Volatile.Write(ref _reader, 2);
        _readingOver.TrySetResult();
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

            if (_inputEnded || _hasClosed || _outputLost || _dropped || IsCloseOut())
            {
                return false;
            }

            ReadResult result = await _transport.Transport.Input.ReadAsync();
            _unread = result.Buffer;
            _unreadLength = _unread.Length;
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

    /// <summary>
    /// Whether our Close is out, so that only its end is left to do. While it waits behind other output reading goes on: a peer that waits for us to read
    /// would otherwise never come to read it, and the end of reading would take the Close with it.
    /// </summary>
    private bool IsCloseOut()
    {
        lock (_sync)
        {
            return IsCloseWritten;
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

            do
            {
                found = _protocol.Read(ref _unread);
            }
            while (_closing && found.Type is WebSocketEventType.Message or WebSocketEventType.Frame); // what came too late is not told
        }

        _framesOfTurn++;

        switch (found.Type)
        {
            case WebSocketEventType.None:
                ReturnUnread(_unread.End);
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

    private void ReturnUnread(SequencePosition examined)
    {
        _hasUnread = false;
        Metrics.OnReceived(_unreadLength - _unread.Length);
        _transport.Transport.Input.AdvanceTo(_unread.Start, examined);
    }

    /// <summary>Flushes what the turn wrote, gives other connections their turn after a long one, and waits while reading is paused.</summary>
    private async ValueTask EndTurnAsync()
    {
        if (_hasUnread)
        {
            _inputEnded = false; // it comes again with the rest
            ReturnUnread(_unread.Start);
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
}
