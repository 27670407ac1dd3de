using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Sessions;

/// <summary>
/// Decides which connection holds one session, and holds it itself while none does: keeps what is sent to the client meanwhile, stores it, and lets it
/// expire. It learns that a connection has let go by its termination, so no end of a connection, however sudden, can leave a session without holder.
/// </summary>
internal sealed partial class SessionActor : Actor<SessionMessage>, ISessionHolder
{
    private const int MaxStoredPerChange = 64;

    private static readonly TimeSpan MaxStoreDelay = TimeSpan.FromMilliseconds(50);
    private static readonly object ExpirationTimer = new();
    private static readonly object StoreTimer = new();

    private readonly JstpServer _server;
    private readonly string _id;
    private readonly ISessionStorageProvider _storage;
    private Session? _session; // null until it was found in the storage, and once it is over
    private JstpConnection _connection = null!; // lives as long as _session
    private ActorRef<ConnectionMessage>? _holder; // null while the client is away
    private bool _isLeaving; // stored and on its way out of the memory: nothing may change any more
    private bool _isDropped; // over, and not to be found in the storage either
    private int _unstoredChanges; // messages kept since the session was stored
    private SessionMessage.Attach? _waiting; // takes the session as soon as the present holder has let go

    /// <summary>Opens a new session.</summary>
    public SessionActor(JstpServer server, ISessionStorageProvider storage, Session session)
        : this(server, storage, session.Id) =>
        Begin(session);

    /// <summary>Looks for a session in the storage.</summary>
    /// <param name="server">The server.</param>
    /// <param name="storage">The storage.</param>
    /// <param name="id">The id, as a client gave it.</param>
    /// <param name="connection">What applications had in hand when the session left the memory; null for a session that this process has not seen.</param>
    public SessionActor(JstpServer server, ISessionStorageProvider storage, string id, JstpConnection? connection = null)
    {
        _server = server;
        _storage = storage;
        _id = id;
        _connection = connection!;
    }

    // No code of an application runs inside the turns of this actor.
    bool ISessionHolder.IsCurrent => false;

    void ISessionHolder.Handle(OutboxItem item) => throw new InvalidOperationException("The session's own actor is told of the outbox.");

    void ISessionHolder.NotifyOutbox() => Context.Self.TryTell(SessionMessage.OutboxReady.Instance);

    protected override async ValueTask OnStartAsync(CancellationToken stopping)
    {
        if (_session is null)
        {
            await LoadAsync(stopping);
        }

        if (_session is null)
        {
            _connection?.EndSession(); // the storage has deleted it meanwhile
            Leave();
        }
        else
        {
            ArmExpiration();
            await KeepOutboxAsync(stopping);
        }
    }

    protected override ValueTask ReceiveAsync(SessionMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case SessionMessage.Attach attach:
                Attach(attach);
                return ValueTask.CompletedTask;
            case SessionMessage.Resume resume:
                Resume(resume);
                return ValueTask.CompletedTask;
            case SessionMessage.OutboxReady:
                return KeepOutboxAsync(stopping);
            case SessionMessage.StoreDue:
                return StoreLateAsync(stopping);
            case SessionMessage.Expired:
                return ExpireAsync(stopping);
            case SessionMessage.Forgotten:
                Forget();
                return ValueTask.CompletedTask;
            case SessionMessage.Discard when _holder is null:
                EndSession();
                return ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
        }
    }

    protected override async ValueTask OnTerminatedAsync(ActorRef watched, TerminationReason reason, CancellationToken stopping)
    {
        if (watched != _holder || _session is null)
        {
            return;
        }

        _holder = null;

        if (_waiting is { } attach)
        {
            _waiting = null;
            Lend(attach.Connection);

            return;
        }

        _connection.SetHolder(this);
        ArmExpiration();
        await ParkAsync(stopping);
    }

    protected override async ValueTask OnStoppedAsync()
    {
        // At the end of the node the notice of the connection's end may not have been read yet. A connection that lives still uses the session.
        if (_session is not null && (_holder is null || _holder.Stopped.IsCompleted))
        {
            _holder = null;
            await ParkAsync(CancellationToken.None);
            EndSession();
        }
    }

    private void Attach(SessionMessage.Attach attach)
    {
        if (_session is null || _isLeaving)
        {
            attach.Connection.Tell(ConnectionMessage.Refused.Instance);
        }
        else if (_holder is null)
        {
            Lend(attach.Connection);
        }
        else
        {
            // Protocol page, 10.4: nothing that the old connection delivers counts any more, before the new one is answered.
            _waiting?.Connection.Tell(ConnectionMessage.Refused.Instance);
            _waiting = attach;
            _holder.Tell(ConnectionMessage.TakenOver.Instance);
        }
    }

    private void Lend(ActorRef<ConnectionMessage> connection)
    {
        Context.Timers.Cancel(ExpirationTimer);
        _holder = connection;
        Context.Watch(connection);
        _session!.BeginGeneration();
        connection.Tell(new ConnectionMessage.Attached(_session, _connection));
    }

    private void Resume(SessionMessage.Resume resume)
    {
        if (_session is null)
        {
            resume.Reply.Tell(null);
        }
        else if (_isLeaving)
        {
            _server.Sessions.Tell(new SessionRegionMessage.Find(_id, resume.Application, resume.Reply)); // which loads it anew
        }
        else if (resume.Application.Name != _session.ApplicationName)
        {
            LogOtherApplication(_server.Logger, SessionId.ForLog(_id), resume.Application.Name);
            resume.Reply.Tell(null);
        }
        else if (_session.FruitlessConnections >= _server.Options.MaxFruitlessConnections)
        {
            LogFruitless(_server.Logger, SessionId.ForLog(_id), _session.FruitlessConnections);
            resume.Reply.Tell(null);
        }
        else
        {
            if (_holder is null)
            {
                ArmExpiration(); // anew: the connection that is about to attach must find the session here
            }

            resume.Reply.Tell(new SessionLookup(Context.Self, _session.UserName));
        }
    }

    private async ValueTask LoadAsync(CancellationToken stopping)
    {
        SessionSnapshot? snapshot = await _storage.GetAsync(_id, stopping);

        if (snapshot is not null)
        {
            Begin(new Session(snapshot));
        }
    }

    private void Begin(Session session)
    {
        _session = session;

        if (_connection is null)
        {
            _connection = new JstpConnection(_server, session, this);
        }
        else
        {
            _connection.Revive(session, this);
        }
    }

    private async ValueTask ParkAsync(CancellationToken stopping)
    {
        await KeepOutboxAsync(stopping);

        if (_session is not null)
        {
            await StoreAsync(isDetached: true, stopping);
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


        foreach (OutboxItem item in _connection.Outbox.TakeAll())
        {
            switch (item)
            {
                case OutboxItem.Send send:
                    _unstoredChanges += Keep(send) ? 1 : 0;
                    break;
                case OutboxItem.Ping ping:
                    ping.Request.FailAsLost();
                    break;
                case OutboxItem.Answer:
                    // The client gives the call up when it returns, as the count that it is told includes it (protocol page, 10.5).
                    _server.Metrics.AnswerDropped();
                    break;
                case OutboxItem.Close or OutboxItem.Abort:
                    break; // there is no connection to end
            }
        }

        if (_isDropped)
        {
            await DeleteAsync();
            Leave(); // only now may anybody look into the storage
        }
        else if (_session is not null && _unstoredChanges > 0)
        {
            await StoreChangesAsync(_session, stopping); // D18: or it would be lost with this process
        }
    }

    // The whole session is stored every time. So that a long burst does not cost its square, changes wait until they are a good part of it, but not for long.
    private async ValueTask StoreChangesAsync(Session session, CancellationToken stopping)
    {
        if (_unstoredChanges * MaxStoredPerChange >= session.Buffer.Count)
        {
            await StoreAsync(isDetached: false, stopping);
        }
        else if (!Context.Timers.IsActive(StoreTimer))
        {
            Context.Timers.StartSingle(StoreTimer, SessionMessage.StoreDue.Instance, MaxStoreDelay);
        }
    }

    private async ValueTask StoreLateAsync(CancellationToken stopping)
    {
        if (_holder is null && _session is not null && !_isLeaving && _unstoredChanges > 0)
        {
            await StoreAsync(isDetached: false, stopping);
        }
    }

    private bool Keep(OutboxItem.Send send)
    {
        if (_session is null)
        {
            send.Request?.FailAsLost();
            _server.Metrics.SendRefused();

            return false;
        }

        switch (SessionLimits.Append(_session, send, _server.Options, out _))
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

        if (_server.Options.BufferOverflow == BufferOverflowPolicy.EndConnection)
        {
            _isDropped = true;
            EndSession();
        }
    }

    private async ValueTask ExpireAsync(CancellationToken stopping)
    {
        if (_holder is null && _session is not null)
        {
            if (!await StoreAsync(isDetached: true, stopping))
            {
                ArmExpiration(); // there is no other copy

                return;
            }

            // From here on the outbox belongs to whoever loads the session next, even before this actor is gone.
            _isLeaving = true;
            _server.Sessions.Tell(new SessionRegionMessage.Passivate(Context.Self, _connection));
        }
    }

    /// <summary>Leaves the memory. The storage has everything; what is sent to the client from now on brings the session back.</summary>
    private void Forget()
    {
        if (_session is null)
        {
            Context.Stop();

            return;
        }

        _session.Requests.FailAll(); // D17: nobody will match their answers
        _session.Pings.FailAll();
        _session = null;

        if (!_connection.Outbox.IsEmpty)
        {
            _server.Sessions.Tell(new SessionRegionMessage.Wake(_connection)); // it came after the last look, and its sender has told this actor only
        }

        LogExpired(_server.Logger, SessionId.ForLog(_id));
        Context.Stop();
    }

    private void ArmExpiration() =>
        Context.Timers.StartSingle(ExpirationTimer, SessionMessage.Expired.Instance, _server.Options.ClientExpirationTime);

    private void EndSession()
    {
        if (_session is null)
        {
            return;
        }

        _session.Requests.FailAll();
        _session.Pings.FailAll();
        _session = null;
        _waiting?.Connection.Tell(ConnectionMessage.Refused.Instance);
        _waiting = null;
        _connection.EndSession();

        if (!_isDropped)
        {
            Leave();
        }
    }

    // Not by stopping at once: whoever the region has sent here already would never be answered.
    private void Leave() => _server.Sessions.TryTell(new SessionRegionMessage.Passivate(Context.Self, Connection: null));

    private async ValueTask<bool> StoreAsync(bool isDetached, CancellationToken stopping)
    {
        _unstoredChanges = 0;

        try
        {
            await _storage.SetAsync(_session!.Export(), stopping);

            if (isDetached)
            {
                await _storage.SetInactiveAsync(_id, stopping);
            }

            return true;
        }
#pragma warning disable CA1031 // the provider is the application's; the session is still in memory, and is stored again at the next change
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _server.Metrics.StoreFailed();
            LogStoreFailed(_server.Logger, exception, SessionId.ForLog(_id));

            return false;
        }
    }

    private async Task DeleteAsync()
    {
        try
        {
            await _storage.DeleteAsync(_id, CancellationToken.None);
        }
#pragma warning disable CA1031 // as in StoreAsync
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _server.Metrics.StoreFailed();
            LogStoreFailed(_server.Logger, exception, SessionId.ForLog(_id));
        }
    }
}
