using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Sessions;

/// <summary>The sessions of this node, an actor each.</summary>
internal sealed class SessionRegion(JstpServer server) : Actor<SessionRegionMessage>
{
    // Actors do not bear the names of their sessions: names get into logs, and the ids are secrets.
    private readonly Dictionary<string, ActorRef<SessionMessage>> _sessions = new(StringComparer.Ordinal);
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
            case SessionRegionMessage.Drain drain:
                drain.Reply.Tell(true); // what a session storage keeps needs no release
                break;
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnTerminatedAsync(ActorRef watched, TerminationReason reason, CancellationToken stopping)
    {
        // A successor under the same id may be there already.
        if (_ids.Remove(watched, out string? id) && _sessions[id] == watched)
        {
            _sessions.Remove(id);
        }

        return ValueTask.CompletedTask;
    }

    private void Open(SessionRegionMessage.Open open)
    {
        var session = new Session(SessionId.Create(), open.Application.Name, open.UserName, new SessionData());
        ActorRef<SessionMessage> actor = Add(session.Id, () => new SessionActor(server, server.StorageOf(open.Application), session));
        open.Reply.Tell(new SessionLookup(actor, open.UserName));
    }

    private void Find(SessionRegionMessage.Find find)
    {
        if (!_sessions.TryGetValue(find.Id, out ActorRef<SessionMessage>? session))
        {
            session = Load(find.Id, server.StorageOf(find.Application));
        }

        var resume = new SessionMessage.Resume(find.Application, find.Reply);

        if (!session.TryTell(resume))
        {
            // It has expired since, and the notice is still on its way: the storage has it.
            session = Load(find.Id, server.StorageOf(find.Application));
            session.Tell(resume);
        }
    }

    private ActorRef<SessionMessage> Load(string id, ISessionStorageProvider storage)
    {
        JstpConnection? connection = _passive.Take(id);

        return Add(id, () => new SessionActor(server, storage, id, connection));
    }

    private void Passivate(SessionRegionMessage.Passivate passivate)
    {
        // Whoever looks for the session from now on loads it, and the actor has nothing left to do but to go.
        if (_ids.Remove(passivate.Session, out string? id))
        {
            _sessions.Remove(id);

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
        if (_sessions.TryGetValue(connection.SessionId, out ActorRef<SessionMessage>? session))
        {
            session.TryTell(SessionMessage.OutboxReady.Instance);
        }
        else
        {
            _passive.Take(connection.SessionId);
            Add(
                connection.SessionId,
                () => new SessionActor(server, server.StorageOf(connection.Application), connection.SessionId, connection));
        }
    }

    private ActorRef<SessionMessage> Add(string id, Func<Actor<SessionMessage>> factory)
    {
        ActorRef<SessionMessage> session = Context.Spawn(factory);
        Context.Watch(session);
        _sessions[id] = session;
        _ids[session] = id;

        return session;
    }
}
