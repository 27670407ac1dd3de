using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Jstp.Transport.Channels;
using Jstp.Transport.WebSockets;

namespace Jstp.Actors.Connections;

/// <summary>
/// A transport that carries JSTP messages: frames of a WebSocket, or texts between zero bytes. It belongs to one actor at a time, which reads, writes
/// and flushes inside its turns; none of its members is thread-safe.
/// </summary>
internal abstract partial class MessageChannel
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isFlushPending;
    private volatile int _leaveReason; // why the channel is to end, 0 while it is not
    private int _hasEnd; // 1 once the channel is finished or cut: there is one end, and only that one releases
    private ValueTask<FlushResult> _flush;

    protected MessageChannel(UpgradedConnection connection)
    {
        Connection = connection;
        _onReadCompleted = OnReadCompleted;
    }

    /// <summary>The client's address, null where the transport has none.</summary>
    public EndPoint? RemoteEndPoint => Connection.RemoteEndPoint;

    /// <summary>Whether the transport is known to have ended, though what arrived before can still be read.</summary>
    public bool IsDead => Connection.Closed.IsCancellationRequested;

    /// <summary>Completes when nothing of the channel is in use any more; the endpoint that accepted it may return then.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Bytes that were written and not flushed; what the channel itself answers, such as probes of the peer, included.</summary>
    public long UnflushedLength => Connection.Transport.Output.UnflushedBytes;

    protected UpgradedConnection Connection { get; }

    /// <summary>Takes the next thing out of the input. Whatever the peer sent, it does not throw.</summary>
    public ChannelEvent Read(ref ReadOnlySequence<byte> input) =>
        _leaveReason == 0 ? ReadNext(ref input) : new ChannelEvent(ChannelEventKind.Closed);

    /// <summary>Whether the peer's close is next in the input. To read it ends what can be written, so whoever still owes answers leaves it there.</summary>
    public virtual bool IsCloseNext(in ReadOnlySequence<byte> input) => false;

    /// <summary>Writes one message. It goes out with the next flush.</summary>
    public abstract void Write(ReadOnlySpan<byte> text);

    /// <summary>Writes a probe that any living peer answers. It goes out with the next flush.</summary>
    /// <returns>False if the transport has no such thing; a JSTP ping must do then.</returns>
    public abstract bool TryWriteProbe();

    /// <summary>Sends what was written.</summary>
    /// <param name="onTaken">Called when a peer that is behind has taken it; not called when this returns true.</param>
    /// <returns>Whether the peer, or the system on its behalf, has taken it at once. Until it has, nothing more may be flushed.</returns>
    /// <exception cref="IOException">The transport has failed.</exception>
    public bool Flush(Action onTaken)
    {
#pragma warning disable CA2012 // kept while it is pending, and consumed once
        _flush = Connection.Transport.Output.FlushAsync(CancellationToken.None);
#pragma warning restore CA2012

        if (_flush.IsCompleted)
        {
            _flush.GetAwaiter().GetResult();

            return true;
        }

        _isFlushPending = true;
        _flush.GetAwaiter().UnsafeOnCompleted(onTaken);

        return false;
    }

    /// <summary>Takes note that the pending flush has completed.</summary>
    /// <exception cref="IOException">The transport has failed.</exception>
    public void EndFlush()
    {
        _isFlushPending = false;
        _flush.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Has the owner end the channel as if the peer had, as soon as it reads, but for this reason. From any thread. An owner that does not read, since the
    /// peer takes no output for instance, does not notice.
    /// </summary>
    public void Leave(ChannelClose reason)
    {
        _leaveReason = (int)reason;
        Connection.Transport.Input.CancelPendingRead();
    }

    /// <summary>
    /// Ends the channel: says why, unless the peer has ended it first, and waits for the peer's part at most <paramref name="timeout"/>. Does nothing if
    /// the channel is ending already.
    /// </summary>
    public void Finish(ChannelClose reason, TimeSpan timeout, TimeProvider timeProvider)
    {
        // A peer that does not take its output would not take the close either.
        if (_isFlushPending)
        {
            Cut();
        }
        else if (Interlocked.Exchange(ref _hasEnd, 1) == 0)
        {
            int leaveReason = _leaveReason;
            _ = FinishAsync(leaveReason == 0 ? reason : (ChannelClose)leaveReason, timeout, timeProvider);
        }
    }

    /// <summary>Ends the channel as a lost network would. If it is ending already, it ends sooner. From any thread.</summary>
    public void Cut()
    {
        Connection.Abort();

        if (Interlocked.Exchange(ref _hasEnd, 1) == 0)
        {
            _ = ReleaseAsync();
        }
    }

    /// <inheritdoc cref="Read"/>
    protected abstract ChannelEvent ReadNext(ref ReadOnlySequence<byte> input);

    /// <summary>Writes the close, flushes, waits for the peer, and releases what the channel holds. Must not fail.</summary>
    protected abstract ValueTask CloseAsync(ChannelClose reason, TimeSpan timeout, TimeProvider timeProvider);

    /// <summary>Gives pooled memory back.</summary>
    protected abstract void Release();

    private async Task FinishAsync(ChannelClose reason, TimeSpan timeout, TimeProvider timeProvider)
    {
        try
        {
            await EndReadsAsync();
            await CloseAsync(reason, timeout, timeProvider);
        }
        finally
        {
            _finished.TrySetResult();
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await EndReadsAsync();
            Release();
        }
        finally
        {
            _finished.TrySetResult();
        }
    }
}
