using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Sessions;

/// <summary>
/// Decides which connection holds one session, and holds it itself while none does: keeps what is sent to the client meanwhile, has it stored, and lets
/// it go. It learns that a connection has let go by its termination, so no end of a connection, however sudden, can leave a session without holder.
/// </summary>
internal sealed partial class SessionActor : Actor<SessionMessage>, ISessionHolder
{
    private static readonly object ExpirationTimer = new();
    private static readonly object RoomTimer = new();

    private readonly JstpServer _server;
    private readonly string _id;
    private readonly ISessionKeeper _keeper;
    private Session? _session; // null until it was found in the storage, and once it is over
    private JstpConnection _connection; // lives as long as _session
    private ActorRef<ConnectionMessage>? _holder; // null while the client is away
    private long? _awaitedSince; // a client that was told that its session is here may be about to attach; a timestamp
    private SessionMessage.Attach? _waiting; // takes the session as soon as the present holder has let go

    /// <summary>Holds a session that was just opened, or read from the store.</summary>
    /// <param name="server">The server.</param>
    /// <param name="storage">The application's provider; null when the session is kept in the store.</param>
    /// <param name="session">The session.</param>
    /// <param name="connection">What applications have had in hand since the session was in this memory before; null when it was not.</param>
    public SessionActor(JstpServer server, ISessionStorageProvider? storage, Session session, JstpConnection? connection = null)
        : this(server, storage, session.Id, connection) =>
        Begin(session);

    /// <summary>Looks for a session in a provider.</summary>
    /// <inheritdoc cref="SessionActor(JstpServer, ISessionStorageProvider, Session, JstpConnection)"/>
    /// <param name="server">The server.</param>
    /// <param name="storage">The provider.</param>
    /// <param name="id">The id, as a client gave it.</param>
    /// <param name="connection">What applications have had in hand since the session was in this memory before; null when it was not.</param>
    public SessionActor(JstpServer server, ISessionStorageProvider? storage, string id, JstpConnection? connection)
    {
        _server = server;
        _id = id;
        _connection = connection!;
        _keeper = storage is null ? new JournalKeeper(server) : new ProviderKeeper(server, storage, id, CallStoreLater);
    }

    // No code of an application runs inside the turns of this actor.
    bool ISessionHolder.IsCurrent => false;

    bool ISessionHolder.BoundsOutbox => true;

    void ISessionHolder.Handle(OutboxItem item) => throw new InvalidOperationException("The session's own actor is told of the outbox.");

    void ISessionHolder.NotifyOutbox() => Context.Self.TryTell(SessionMessage.OutboxReady.Instance);

    protected override async ValueTask OnStartAsync(CancellationToken stopping)
    {
        if (_session is null && await _keeper.LoadAsync(stopping) is { } session)
        {
            Begin(session);
        }

        if (_session is null)
        {
            _connection?.EndSession(); // the storage has deleted it meanwhile
            Leave();

            return;
        }

        ActorRef<SessionMessage> self = Context.Self;
        _session.Tracker?.SetLossListener(() => self.TryTell(SessionMessage.Lost.Instance));
        ArmForArrival();
        await KeepOutboxAsync(stopping);
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
            case SessionMessage.CountDue:
                return GoOnWithoutCountAsync(stopping);
            case SessionMessage.StoreDue:
                return StoreLateAsync(stopping);
            case SessionMessage.Expired:
                return ExpireAsync(stopping);
            case SessionMessage.MakeRoom:
                return MakeRoomAsync(stopping);
            case SessionMessage.Forgotten:
                Forget();
                return ValueTask.CompletedTask;
            case SessionMessage.HandOver handOver:
                return HandOverAsync(handOver.Node, stopping);
            case SessionMessage.Lost:
                return OnLostAsync(stopping);
            case SessionMessage.Posted posted:
                return CollectAsync(posted.Posts, stopping);
            case SessionMessage.Discard when _holder is null:
                return EndSessionAsync();
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

        if (IsGoing)
        {
            await GoAsync(stopping);

            return;
        }

        if (_waiting is { } attach)
        {
            _waiting = null;
            Lend(attach.Connection);

            return;
        }

        _connection.SetHolder(this);
        ArmExpiration();
        await ParkAsync(stopping);
        _server.Sessions.TryTell(new SessionRegionMessage.Detached(Context.Self));
    }

    protected override async ValueTask OnStoppedAsync()
    {
        // At the end of the node the notice of the connection's end may not have been read yet. A connection that lives still uses the session.
        if (_session is null || (_holder is not null && !_holder.Stopped.IsCompleted))
        {
            return;
        }

        _holder = null;
        await KeepOutboxAsync(CancellationToken.None);

        if (_session is not null && !_isLeaving)
        {
            await _keeper.ReleaseAsync(_session, CancellationToken.None);
        }

        FailRequests();
        _connection.EndSession();
    }

    private void Attach(SessionMessage.Attach attach)
    {
        if (_session is null)
        {
            attach.Connection.Tell(ConnectionMessage.Refused.Instance);
        }
        else if (_isLeaving || IsGoing)
        {
            attach.Connection.Tell(ConnectionMessage.Moved.Instance);
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
        _awaitedSince = null;
        _holder = connection;
        Context.Watch(connection);
        _session!.BeginGeneration();
        _keeper.OnAttached(_session);
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
        else if (IsGoing)
        {
            _resumeLater.Add(resume); // once it has gone
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
                ArmForArrival();
            }

            resume.Reply.Tell(new SessionLookup(Context.Self, _session.UserName));
        }
    }

    private void Begin(Session session)
    {
        _session = session;
        session.Answers ??= _server.Options.KeepAnswers ? AnswerLog.Read(session.StoredAnswers.Span, OnAnswersGivenUp) : null;

        if (_connection is null)
        {
            _connection = new JstpConnection(_server, session, this);
        }
        else
        {
            _connection.Revive(session, this);
        }
    }

    // From the turn of whoever holds the session.
    private void OnAnswersGivenUp()
    {
        _server.Metrics.AnswersGivenUp();
        LogAnswersGivenUp(_server.Logger, SessionId.ForLog(_id));
    }

    // A session is opened, or found, for a connection that is about to attach, and must find it here.
    private void ArmForArrival()
    {
        _awaitedSince = Context.TimeProvider.GetTimestamp();
        TimeSpan handshake = _server.Options.HandshakeTimeout;
        TimeSpan expiration = _server.Options.ClientExpirationTime;
        Context.Timers.StartSingle(ExpirationTimer, SessionMessage.Expired.Instance, expiration > handshake ? expiration : handshake);
    }

    private void ArmExpiration() =>
        Context.Timers.StartSingle(ExpirationTimer, SessionMessage.Expired.Instance, _server.Options.ClientExpirationTime);
}
