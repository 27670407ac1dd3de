using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

// What is sent to the client while it is away.
internal sealed partial class SessionActor
{
    private static readonly object StoreTimer = new();
    private static readonly object CountTimer = new();

    private bool _isDropped; // it was full, and is not to be found in the storage either

    private void CallStoreLater(TimeSpan delay) => Context.Timers.StartSingle(StoreTimer, SessionMessage.StoreDue.Instance, delay);

    private async ValueTask StoreLateAsync(CancellationToken stopping)
    {
        if (_holder is null && _session is not null && !_isLeaving && _keeper is ProviderKeeper keeper)
        {
            await keeper.OnDueAsync(_session, stopping);
        }
    }

    private async ValueTask ParkAsync(CancellationToken stopping)
    {
        await KeepOutboxAsync(stopping);

        if (_session is not null)
        {
            await _keeper.OnDetachedAsync(_session, stopping);
        }
    }

    private async ValueTask CollectAsync(IReadOnlyList<StoredPost> posts, CancellationToken stopping)
    {
        if (_session is not null && !_isLeaving)
        {
            // By the outbox, which has the order and the holder right.
            foreach (StoredPost post in posts)
            {
                _connection.Deliver(post);
            }

            await KeepOutboxAsync(stopping);
        }
    }

    /// <summary>Takes note of what was sent to the client while it is away.</summary>
    private async ValueTask KeepOutboxAsync(CancellationToken stopping)
    {
        // While a connection holds the session, the outbox is the connection's.
        if (_holder is not null || _session is null || _isLeaving)
        {
            return;
        }

        if (_session.MayHaveSentMore)
        {
            AwaitCount();

            return;
        }

        bool hasChanged = false;

        foreach (OutboxItem item in _connection.Outbox.TakeAll())
        {
            switch (item)
            {
                case OutboxItem.Send send:
                    hasChanged |= Keep(send);
                    break;
                case OutboxItem.Post post:
                    hasChanged |= Keep(post);
                    break;
                case OutboxItem.Ping ping:
                    ping.Request.FailAsLost();
                    break;
                case OutboxItem.Answer answer:
                    hasChanged |= Settle(answer);
                    break;
                case OutboxItem.Record:
                    hasChanged = true;
                    break;
                case OutboxItem.Close or OutboxItem.Abort:
                    break; // there is no connection to end
            }
        }

        // What was sent last is missing.
        _isDropped |= _connection.Outbox.TakeOverflow() && _server.Options.BufferOverflow == BufferOverflowPolicy.EndConnection;

        if (_isDropped)
        {
            await _keeper.DeleteAsync(_session);
            Forsake();
            Leave(); // only now may anybody look into the storage
        }
        else if (hasChanged)
        {
            await _keeper.OnChangedAsync(_session, stopping); // D18: or it would be lost with this process
        }
    }

    // While the client's count is not known, no id can be given. Mostly the client is about to tell it, as its return has brought the session here.
    private void AwaitCount()
    {
        if (!_connection.Outbox.IsEmpty && !Context.Timers.IsActive(CountTimer))
        {
            Context.Timers.StartSingle(CountTimer, SessionMessage.CountDue.Instance, _server.Options.HandshakeTimeout);
        }
    }

    private async ValueTask GoOnWithoutCountAsync(CancellationToken stopping)
    {
        if (_holder is null && _session is not null && !_isLeaving)
        {
            _session.SkipUncertainMagnitudes(); // what is in the outbox must not be lost with this node
            await KeepOutboxAsync(stopping);
        }
    }

    private bool Settle(OutboxItem.Answer answer)
    {
        if (answer.Ticket.CallId is { } callId)
        {
            _session!.OpenRequests.Settle(callId);

            if (_session.Answers?.Answer(callId, answer.Ticket.Generation, answer.Text.Span) is null)
            {
                // The client gives the call up when it returns, as the count that it is told includes it (protocol page, 10.5).
                _server.Metrics.AnswerDropped();
            }
        }

        return _session!.OpenRequests.IsChanged;
    }

    private bool Keep(OutboxItem.Post post)
    {
        if (_isDropped || post.Item.Ordinal <= _session!.CollectedThrough)
        {
            return false;
        }

        _session.CollectedThrough = post.Item.Ordinal;
        Keep(post.ToSend());

        return true;
    }

    private bool Keep(OutboxItem.Send send)
    {
        if (_isDropped)
        {
            send.Request?.FailAsLost();
            _server.Metrics.SendRefused();

            return false;
        }

        switch (SessionLimits.Append(_session!, send, _server.Options, out _))
        {
            case AppendOutcome.Appended:
                return true;
            case AppendOutcome.BufferFull:
                OnBufferFull();
                return false;
            default:
                _server.Metrics.SendRefused();
                return false;
        }
    }

    private void OnBufferFull()
    {
        _server.Metrics.SendRefused();
        LogBufferFull(_server.Logger, SessionId.ForLog(_id), _session!.Buffer.Count, _session.Buffer.Length);
        _isDropped = _server.Options.BufferOverflow == BufferOverflowPolicy.EndConnection;
    }
}
