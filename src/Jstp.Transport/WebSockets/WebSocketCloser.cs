using System.Buffers;
using System.IO.Pipelines;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// Brings a connection from its Close frame to its end (specification page, section 6). For whoever drives a <see cref="WebSocketProtocol"/>: call it
/// once, when a Close was written or received, a rule was broken, or the input ended.
/// </summary>
public static class WebSocketCloser
{
    /// <summary>Bytes that are discarded after a failure, so that our Close is not lost to a reset.</summary>
    public const int MaxDiscardedLength = 64 * 1024;

    /// <summary>How long input is discarded after a failure.</summary>
    public static readonly TimeSpan MaxDiscardTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Flushes what was written, waits for the peer's part, ends the transport, and tells how it went. Never throws for what the peer or the
    /// transport does.
    /// </summary>
    /// <param name="connection">The transport. The last read was advanced, examined no further than what <see cref="WebSocketProtocol.Read"/> saw.</param>
    /// <param name="protocol">Its protocol. Nobody else uses it any more.</param>
    /// <param name="closeTimeout">How long the peer's Close may take, and after it the end of the transport.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="error">What ended the reading, if an exception did.</param>
    public static async ValueTask<WebSocketCloseInfo> FinishAsync(
        UpgradedConnection connection,
        WebSocketProtocol protocol,
        TimeSpan closeTimeout,
        TimeProvider timeProvider,
        Exception? error = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(timeProvider);

        if (error is null && protocol.State is not WebSocketConnectionState.Aborted)
        {
            (bool inOrder, error) = await ExchangeAsync(connection, protocol, closeTimeout, timeProvider).ConfigureAwait(false);

            if (!inOrder)
            {
                protocol.OnAborted();
                connection.Abort();
            }
        }

        protocol.OnTransportEnded();
        WebSocketCloseInfo info = protocol.GetCloseInfo(error);
        protocol.Dispose();
        await connection.CompleteAsync(closeTimeout, timeProvider).ConfigureAwait(false);
        return info;
    }

    private static async ValueTask<(bool InOrder, Exception? Error)> ExchangeAsync(
        UpgradedConnection connection,
        WebSocketProtocol protocol,
        TimeSpan closeTimeout,
        TimeProvider timeProvider)
    {
        using var deadline = new CancellationTokenSource(closeTimeout, timeProvider);

        try
        {
            await connection.Transport.Output.FlushAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsTransportEnd(exception))
        {
            return (!deadline.IsCancellationRequested, null);
        }

        if (protocol.HasFailed && (closeTimeout == Timeout.InfiniteTimeSpan || closeTimeout > MaxDiscardTime))
        {
            deadline.CancelAfter(MaxDiscardTime);
        }

        try
        {
            await AwaitPeerAsync(connection.Transport.Input, protocol, deadline.Token).ConfigureAwait(false);
            return (true, null);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Whoever broke a rule had its second; it is ended in order, so that it can still read why.
            return (protocol.HasFailed || protocol.PeerClosed, null);
        }
        catch (Exception exception) when (IsTransportEnd(exception))
        {
            return (true, protocol.PeerClosed ? null : exception);
        }
    }

    private static async ValueTask AwaitPeerAsync(PipeReader input, WebSocketProtocol protocol, CancellationToken deadline)
    {
        long discarded = 0;

        while (ExpectsMore(protocol) && !(protocol.HasFailed && discarded > MaxDiscardedLength))
        {
            ReadResult result = await input.ReadAsync(deadline).ConfigureAwait(false);
            discarded += Discard(result.Buffer, protocol, out SequencePosition consumed);
            input.AdvanceTo(consumed, result.Buffer.End);

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    // RFC 6455, 7.1.1: the server ends TCP first, so a client that has seen both Closes waits for that.
    private static bool ExpectsMore(WebSocketProtocol protocol)
        => protocol.Role is WebSocketRole.Client ? protocol.State is not WebSocketConnectionState.Open : IsCloseAwaited(protocol);

    private static bool IsCloseAwaited(WebSocketProtocol protocol)
        => protocol.State is WebSocketConnectionState.CloseSent && !protocol.PeerClosed;

    private static long Discard(ReadOnlySequence<byte> buffer, WebSocketProtocol protocol, out SequencePosition consumed)
    {
        ReadOnlySequence<byte> rest = buffer;

        while (protocol.Read(ref rest).Type is not WebSocketEventType.None)
        {
            // Whatever it was, it came too late; only the state it leaves the protocol in counts.
        }

        consumed = rest.Start;
        return buffer.Length - rest.Length;
    }

    private static bool IsTransportEnd(Exception exception)
        => exception is IOException or OperationCanceledException or InvalidOperationException;
}
