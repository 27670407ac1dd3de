using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Sessions;

/// <summary>The sessions of this node, an actor each.</summary>
internal sealed partial class SessionRegion(JstpServer server) : Actor<SessionRegionMessage>
{
    // Actors do not bear the names of their sessions: names get into logs, and the ids are secrets.
    private readonly Dictionary<string, Entry> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<ActorRef, string> _ids = [];
    private readonly PassiveConnections _passive = new();

    // A session whose actor failed has lost what its storage does not have; it must not go on as if it had not.
    protected override SupervisionStrategy Supervision => SupervisionStrategy.Stopping;

    protected override ValueTask ReceiveAsync(SessionRegionMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case SessionRegionMessage.Open open:
                Open(open);
                break;
            case SessionRegionMessage.Find find:
                Find(find);
                break;
            case SessionRegionMessage.Passivate passivate:
                Passivate(passivate);
                break;
            case SessionRegionMessage.Wake wake:
                Wake(wake.Connection);
                break;
            case SessionRegionMessage.Detached detached:
                OnDetached(detached.Session);
                break;
            case SessionRegionMessage.Drain drain:
                Drain(drain.Reply);
                break;
            default:
                HandleOwnership(message);
                break;
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnTerminatedAsync(ActorRef watched, TerminationReason reason, CancellationToken stopping)
    {
        // A successor under the same id may be there already.
        if (_ids.Remove(watched, out string? id) && _sessions[id].Actor == watched)
        {
            Remove(id);
        }

        return ValueTask.CompletedTask;
    }

    private void Open(SessionRegionMessage.Open open)
    {
        var session = new Session(SessionId.Create(), open.Application.Name, open.UserName, new SessionData());
        ISessionStorageProvider? storage = server.StorageOf(open.Application);

        if (storage is null)
        {
            Register(session);
        }

        ActorRef<SessionMessage> actor = Add(session.Id, session.Tracker, () => new SessionActor(server, storage, session));
        open.Reply.Tell(new SessionLookup(actor, open.UserName));
        MakeRoom();
    }

    private void Find(SessionRegionMessage.Find find)
    {
        if (!_sessions.TryGetValue(find.Id, out Entry? entry))
        {
            Load(find);
        }
        else if (entry.Tracker is { IsUnknownToStore: false } tracker)
        {
            Confirm(find, tracker);
        }
        else
        {
            ResumeOrLoad(find, entry);
        }
    }

    private void ResumeOrLoad(SessionRegionMessage.Find find, Entry entry)
    {
        if (!entry.Actor.TryTell(new SessionMessage.Resume(find.Application, find.Reply)))
        {
            Load(find); // it has expired since, and the notice is still on its way
        }
    }

    private void Load(SessionRegionMessage.Find find)
    {
        var resume = new SessionMessage.Resume(find.Application, find.Reply);

        if (server.StorageOf(find.Application) is { } storage)
        {
            JstpConnection? connection = _passive.Take(find.Id);
            Add(find.Id, tracker: null, () => new SessionActor(server, storage, find.Id, connection)).Tell(resume);
        }
        else
        {
            Fetch(find.Id, resume);
        }
    }

    private void Passivate(SessionRegionMessage.Passivate passivate)
    {
        // Whoever looks for the session from now on loads it, and the actor has nothing left to do but to go.
        if (_ids.Remove(passivate.Session, out string? id))
        {
            Remove(id);

            if (passivate.Connection is { } connection)
            {
                connection.SetHolder(new PassiveSession(Context.Self, connection)); // here, before anybody can load it
                _passive.Add(id, connection);
            }

            passivate.Session.Tell(SessionMessage.Forgotten.Instance);
        }
    }

    private void Wake(JstpConnection connection)
    {
        if (_sessions.TryGetValue(connection.SessionId, out Entry? entry))
        {
            entry.Actor.TryTell(SessionMessage.OutboxReady.Instance);
        }
        else if (connection.HasBeenSeen && server.StorageOf(connection.Application) is { } storage)
        {
            _passive.Take(connection.SessionId);
            Add(
                connection.SessionId,
                tracker: null,
                () => new SessionActor(server, storage, connection.SessionId, connection));
        }
        else
        {
            Post(connection);
        }
    }

    private ActorRef<SessionMessage> Add(string id, SessionTracker? tracker, Func<Actor<SessionMessage>> factory)
    {
        ActorRef<SessionMessage> session = Context.Spawn(factory);
        Context.Watch(session);
        _sessions[id] = new Entry(session, tracker);
        _ids[session] = id;

        if (tracker is not null)
        {
            _keys[tracker.Key] = session;
        }

        return session;
    }

    private void Remove(string id)
    {
        if (_sessions.Remove(id, out Entry? entry) && entry.Tracker is { } tracker)
        {
            _keys.Remove(tracker.Key);
        }

        if (_sessions.Count == 0)
        {
            _drained?.Tell(true);
        }
    }

    private sealed record Entry(ActorRef<SessionMessage> Actor, SessionTracker? Tracker);
}
