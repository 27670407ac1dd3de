using Jstp.Client.Reconnection;
using Jstp.Client.Remote;
using Jstp.Client.Sessions;
using Jstp.Transport.Channels;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Connections;

// One task lives as long as the connection: it runs a link to its end, sees to the next one, and at last closes.
public sealed partial class JstpClientConnection
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private CancellationTokenSource _waiting = new(); // cancelled to end the wait before an attempt
    private TaskCompletionSource? _asked; // set by who wants the next attempt at once

    /// <summary>
    /// Closes the connection for good: what was sent before still goes out, if there is a connection. Calls without an answer fail with
    /// <see cref="JstpErrorCode.CallbackLost"/>. The server keeps the session for a while.
    /// </summary>
    public async Task CloseAsync()
    {
        CancelAttempts();
        Link? link;

        lock (_gate)
        {
            link = _link; // no other follows it, as attempts look before they attach one
        }

        link?.End(ChannelClose.Normal);
        await _completion.Task.ConfigureAwait(false);
    }

    internal async Task ReconnectAsync(Uri? url, CancellationToken cancellationToken)
    {
        Link? link;
        Task attempt;

        lock (_gate)
        {
            if (_state == JstpConnectionState.Closed || IsClosing)
            {
                throw new JstpConnectionClosedException(_closeCause);
            }

            _url = url ?? _url;
            _asked ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            attempt = _asked.Task;
            link = _link;
            _waiting.Cancel();
        }

        link?.Cut(new OperationCanceledException("The program has asked to reconnect."));
        await attempt.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the first link, to a new session or to one of another run, and begins to live.</summary>
    internal async Task StartAsync(JstpSessionState? session, CancellationToken cancellationToken)
    {
        Link link;

        if (session is not null)
        {
            _session = new ClientSession(session);
            (link, _) = await RestoreAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            link = await OpenAsync(cancellationToken).ConfigureAwait(false);
        }

        LogConnected(Url, Application);
        _ = LiveAsync(link);
    }

    /// <summary>The link has ended: nothing is given to it any more.</summary>
    internal void Detach(Link link)
    {
        lock (_gate)
        {
            if (_link == link)
            {
                _link = null;
                _state = JstpConnectionState.Reconnecting;
            }
        }
    }

    private async Task LiveAsync(Link? link)
    {
        Exception? cause = null;

        while (link is not null)
        {
            LinkEnd end = await link.RunAsync().ConfigureAwait(false);
            (link, cause) = IsClosing ? (null, null) : await ReconnectAsync(end.Error).ConfigureAwait(false);
        }

        End(cause);
    }

    private bool IsClosing => _closing.IsCancellationRequested;

    private async Task<(Link? Link, Exception? Cause)> ReconnectAsync(Exception? error)
    {
        LogLost(Url, error?.Message ?? "the server has closed it");
        Raise(Disconnected, new JstpDisconnectedEventArgs(error));

        for (int number = 1; await WaitAsync(number, error).ConfigureAwait(false); number++)
        {
            Link? link = null;

            try
            {
                link = await TryReconnectAsync(error).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                error = exception;
            }

            TaskCompletionSource? asked;

            lock (_gate)
            {
                (asked, _asked) = (_asked, null);
            }

            if (link is not null)
            {
                asked?.SetResult();

                return (link, null);
            }

            asked?.SetException(error!);

            if (IsClosing)
            {
                break;
            }

            LogReconnectFailed(number, error!.Message);
            Raise(ReconnectFailed, new JstpReconnectFailedEventArgs(number, error));

            if (IsRefused(error) && Options.OnRefusedSession == RefusedSessionAction.Close)
            {
                break;
            }
        }

        return (null, IsClosing ? null : error);
    }

    private static bool IsRefused(Exception? error) => error is JstpException { Code: JstpErrorCode.AuthenticationFailed };

    private async Task<Link> TryReconnectAsync(Exception? previous)
    {
        Link link;
        bool isNew = IsRefused(previous) && Options.OnRefusedSession == RefusedSessionAction.Replace;
        IReadOnlyList<IPendingRequest> lost;

        if (isNew)
        {
            ClientSession old = Session;
            link = await OpenAsync(_closing.Token).ConfigureAwait(false);
            lost = old.TakePending();
            LogSessionReplaced();
        }
        else
        {
            (link, lost) = await RestoreAsync(_closing.Token).ConfigureAwait(false);
        }

        LogReconnected(Url, lost.Count);
        Fail(lost);
        Raise(Reconnected, new JstpReconnectedEventArgs(isNew, lost.Count));

        return link;
    }

    /// <summary>Waits until the next attempt is due.</summary>
    /// <returns>Whether there is one.</returns>
    private async Task<bool> WaitAsync(int number, Exception? error)
    {
        CancellationToken waiting;

        lock (_gate)
        {
            if (_asked is not null)
            {
                return !IsClosing;
            }

            _waiting.Dispose();
            _waiting = new CancellationTokenSource();
            waiting = _waiting.Token;
        }

        if (GetDelay(number, error) is not { } delay)
        {
            return false;
        }

        LogReconnecting(number, delay);
        Raise(Reconnecting, new JstpReconnectingEventArgs(number, delay));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(waiting, _closing.Token);
        await Task.Delay(delay, Options.TimeProvider, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        return !IsClosing;
    }

    private TimeSpan? GetDelay(int number, Exception? error)
    {
        try
        {
            return Options.Reconnector?.GetDelay(new JstpReconnectAttempt(number, error));
        }
#pragma warning disable CA1031 // code of the application
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogReconnectorFault(exception);

            return null;
        }
    }

    private void End(Exception? cause)
    {
        IReadOnlyList<IPendingRequest> lost;
        TaskCompletionSource? room;
        TaskCompletionSource? asked;

        lock (_gate)
        {
            _state = JstpConnectionState.Closed;
            _closeCause = cause;
            lost = _session.TakePending();
            (room, _room) = (_room, null);
            (asked, _asked) = (_asked, null);
        }

        if (cause is null)
        {
            LogClosed();
        }
        else
        {
            LogEnded(cause);
        }

        CancelAttempts();
        Fail(lost);
        room?.SetResult();
        asked?.SetException(new JstpConnectionClosedException(cause));
        Raise(Closed, new JstpDisconnectedEventArgs(cause));
        _completion.SetResult();
    }

    private static void Fail(IReadOnlyList<IPendingRequest> lost)
    {
        foreach (IPendingRequest request in lost)
        {
            request.Fail(new JstpException(JstpErrorCode.CallbackLost));
        }
    }

    private void CancelAttempts()
    {
        try
        {
            _closing.Cancel();
        }
        catch (AggregateException exception)
        {
            // Methods that the server has called may have registered what they like.
            LogHandlerFault("cancellation", exception);
        }
    }
}
