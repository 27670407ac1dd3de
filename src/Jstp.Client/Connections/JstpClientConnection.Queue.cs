using System.Buffers;
using Jstp.Client.Remote;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Connections;

// The way of a message into the session, and from there to the link.
public sealed partial class JstpClientConnection
{
    /// <summary>A ping that only the link's clock, and an acknowledgement, ask for; lost where the link is not the present one.</summary>
    internal void SendPing(Link link)
    {
        bool mustFlush;

        lock (_gate)
        {
            if (_link != link)
            {
                return;
            }

            _session.AddPing(request: null);
            mustFlush = link.MustFlushLocked();
        }

        if (mustFlush)
        {
            link.Flush(isAlone: true);
        }
    }

    private void SendPing(PendingPing ping)
    {
        Link? link;

        lock (_gate)
        {
            if (_state == JstpConnectionState.Closed)
            {
                ping.Fail(new JstpConnectionClosedException(_closeCause));

                return;
            }

            link = _link;

            if (link is not null)
            {
                _session.AddPing(ping);
                link = link.MustFlushLocked() ? link : null;
            }
            else
            {
                ping.Fail(new JstpException(JstpErrorCode.CallbackLost));
            }
        }

        link?.Flush(isAlone: true);
    }

    private Task<T> RequestAsync<T>(
        ReadOnlySpan<byte> prefix, ArrayBufferWriter<byte> scratch, PendingRequest<T> request, CancellationToken cancellationToken) =>
        RequestAsync(prefix, MessageText.TailOf(scratch, prefix), request, cancellationToken);

    private Task<T> RequestAsync<T>(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> tail, PendingRequest<T> request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (Send(prefix, tail, request) is { } refusal)
        {
            return Task.FromException<T>(refusal);
        }

        request.CancelWith(this, cancellationToken);

        return request.Task;
    }

    private async Task<T> ResendAsync<T>(byte[] tail, Func<PendingRequest<T>> createRequest, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await RequestAsync(MessageText.CallPrefix, tail, createRequest(), cancellationToken).ConfigureAwait(false);
            }
            catch (JstpException exception) when (exception.Code == JstpErrorCode.CallbackLost && State != JstpConnectionState.Closed)
            {
                LogResend();
            }
        }
    }

    private async ValueTask EmitSlowAsync(byte[] tail, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;

            lock (_gate)
            {
                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            // Asked for before the next try, so that room that is made in between is not missed.
            switch (Send(MessageText.EventPrefix, tail, request: null))
            {
                case null:
                    return;
                case JstpBufferFullException:
                    await room.WaitAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case Exception refusal:
                    throw refusal;
            }
        }
    }

    /// <summary>Adds a message to the session, and sends it if there is a connection.</summary>
    /// <returns>Why it was not added; null if it was.</returns>
    private Exception? Send(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> tail, IPendingRequest? request)
    {
        Link? link;
        bool isAlone;

        lock (_gate)
        {
            if (RefusalLocked(tail.Length, request is not null) is { } refusal)
            {
                return refusal;
            }

            isAlone = request is not null && _session.PendingCount == 0;
            _session.Add(prefix, tail, request);
            link = _link;

            if (link is not null)
            {
                AskForAcknowledgementLocked();
                link = link.MustFlushLocked() ? link : null;
            }
        }

        link?.Flush(isAlone);

        return null;
    }

    private Exception? RefusalLocked(int length, bool isRequest)
    {
        if (_state == JstpConnectionState.Closed)
        {
            return new JstpConnectionClosedException(_closeCause);
        }

        if (isRequest && _session.PendingCount >= Options.MaxPendingCalls)
        {
            return new JstpBufferFullException($"{_session.PendingCount} calls wait for an answer ({nameof(JstpClientOptions.MaxPendingCalls)}).");
        }

        return _session.Window.Count >= Options.MaxUnacknowledgedMessages || _session.Window.Length + length > Options.MaxUnacknowledgedBytes
            ? new JstpBufferFullException(
                $"{_session.Window.Count} messages of {_session.Window.Length} bytes wait for the server ({nameof(JstpClientOptions.MaxUnacknowledgedMessages)}, {nameof(JstpClientOptions.MaxUnacknowledgedBytes)}).")
            : null;
    }

    // Events are acknowledged by nothing else (protocol page, D11).
    private void AskForAcknowledgementLocked()
    {
        if (_session.Window.Count > Options.AcknowledgePingMessages || _session.Window.Length > Options.AcknowledgePingBytes)
        {
            _session.AskForAcknowledgement();
        }
    }
}
