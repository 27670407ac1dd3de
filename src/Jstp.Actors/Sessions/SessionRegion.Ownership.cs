using Jstp.Actors.Cluster;
using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Sessions;

// Which sessions of the store are this node's, and how they come and go (docs/sessions.md).
internal sealed partial class SessionRegion
{
    private readonly Dictionary<long, ActorRef<SessionMessage>> _keys = [];
    private readonly Dictionary<string, List<SessionMessage.Resume>> _arriving = new(StringComparer.Ordinal); // asked for, and not here yet
    private readonly Dictionary<string, int> _askedOwners = new(StringComparer.Ordinal); // of those that other nodes have
    private readonly EarlyPosts _earlyPosts = new();
    private readonly Queue<ActorRef<SessionMessage>> _detached = new(); // those that have waited longest first; some have a client again
    private ReplyTo<bool>? _drained; // once the node drains
    private int _lastKey;

    private void HandleOwnership(SessionRegionMessage message)
    {
        switch (message)
        {
            case SessionRegionMessage.Taken taken:
                foreach (SessionTakeResult result in taken.Results)
                {
                    OnTaken(result);
                }

                ForgetEarlyPosts();
                MakeRoom();
                break;
            case SessionRegionMessage.TakeFailed failed:
                OnTakeFailed(failed);
                ForgetEarlyPosts();
                break;
            case SessionRegionMessage.Released released:
                TakeAgain(released.Ids, isForced: false);
                break;
            case SessionRegionMessage.HandOverDue due:
                TakeAgain([due.Id], isForced: true);
                break;
            case SessionRegionMessage.HandOver handOver:
                HandOver(handOver);
                break;
            case SessionRegionMessage.Collect collect:
                Collect(collect.Keys);
                break;
            case SessionRegionMessage.CollectAll:
                CollectAll();
                break;
            case SessionRegionMessage.PostsRead read:
                OnPostsRead(read.Posts);
                break;
            case SessionRegionMessage.FoundOver over:
                EndPassive(over.Ids);
                break;
            case SessionRegionMessage.CutOff { IsCutOff: false }:
                server.Journal.Retry();
                FindLost();
                break;
            case SessionRegionMessage.LossesFound found:
                OnLossesFound(found);
                break;
        }
    }

    // No two nodes have the same number, so no two sessions have the same key.
    private void Register(Session session)
    {
        int node = server.Membership!.Number;
        session.Tracker = new SessionTracker(
            server.Journal, ((long)node << 32) | (uint)++_lastKey, session, new SessionCreation(session.Id, session.ApplicationName, session.UserName, node));
    }

    private void Fetch(string id, SessionMessage.Resume resume)
    {
        if (_arriving.TryGetValue(id, out List<SessionMessage.Resume>? waiting))
        {
            waiting.Add(resume);
        }
        else
        {
            _arriving.Add(id, [resume]);
            server.Taker.Tell(new SessionTakerMessage.Take(new SessionTakeRequest(id)));
        }
    }

    private void OnTaken(SessionTakeResult result)
    {
        if (result.Record is { } record)
        {
            StopAsking(result.Id);
            Begin(record);
        }
        else if (result.Owner is { } owner)
        {
            if (_arriving.ContainsKey(result.Id) && (!_askedOwners.TryGetValue(result.Id, out int asked) || asked != owner))
            {
                _askedOwners[result.Id] = owner;
                Context.Timers.StartSingle(result.Id, new SessionRegionMessage.HandOverDue(result.Id), server.Options.HandOverTimeout);
                server.Say(owner, new ClusterMessage.HandOver([result.Id]));
            }
        }
        else if (_arriving.Remove(result.Id, out List<SessionMessage.Resume>? waiting))
        {
            StopAsking(result.Id);
            _passive.Take(result.Id)?.EndSession();
            waiting.ForEach(static resume => resume.Reply.Tell(null));
        }
    }

    private void StopAsking(string id)
    {
        _askedOwners.Remove(id);
        Context.Timers.Cancel(id);
    }

    private void Begin(SessionRecord record)
    {
        var session = new Session(record);
        session.Tracker = new SessionTracker(server.Journal, record.Key, record.Epoch, session);
        server.Metrics.SessionTaken(record.WasForced);

        JstpConnection? connection = _passive.Take(record.Id);
        ActorRef<SessionMessage> actor = Add(record.Id, session.Tracker, () => new SessionActor(server, storage: null, session, connection));

        if (record.Posts.Count > 0)
        {
            actor.Tell(new SessionMessage.Posted(record.Posts));
        }

        if (_arriving.Remove(record.Id, out List<SessionMessage.Resume>? waiting))
        {
            waiting.ForEach(resume => actor.Tell(resume));
        }

        if (_earlyPosts.Take(record.Key))
        {
            ReadPosts([record.Key]);
        }
    }

    private void OnTakeFailed(SessionRegionMessage.TakeFailed failed)
    {
        foreach (string id in failed.Ids)
        {
            if (_arriving.Remove(id, out List<SessionMessage.Resume>? waiting))
            {
                StopAsking(id);
                waiting.ForEach(resume => resume.Reply.Fail(new SessionStoreException("The session could not be read.", failed.Cause)));
            }
        }
    }

    private void TakeAgain(IReadOnlyList<string> ids, bool isForced)
    {
        foreach (string id in ids)
        {
            if (_arriving.ContainsKey(id))
            {
                _askedOwners.Remove(id); // it has let go; whoever has the session now is asked in its turn

                if (isForced)
                {
                    LogForced(Context.Logger, SessionId.ForLog(id), server.Options.HandOverTimeout);
                }

                server.Taker.Tell(new SessionTakerMessage.Take(new SessionTakeRequest(id, isForced)));
            }
        }
    }

    private void HandOver(SessionRegionMessage.HandOver handOver)
    {
        foreach (string id in handOver.Ids)
        {
            if (!_sessions.TryGetValue(id, out Entry? entry) || !entry.Actor.TryTell(new SessionMessage.HandOver(handOver.FromNode)))
            {
                server.Say(handOver.FromNode, new ClusterMessage.Released([id])); // it is not here, or on its way out
            }
        }
    }

    private void Collect(IReadOnlyList<long> keys)
    {
        if (_arriving.Count > 0)
        {
            _earlyPosts.Add(keys.Where(key => !_keys.ContainsKey(key)));
        }

        ReadPosts(keys.Where(_keys.ContainsKey));
    }

    private void CollectAll()
    {
        if (_arriving.Count > 0)
        {
            _earlyPosts.AddAll();
        }

        ReadPosts(_keys.Keys);
    }

    private void ForgetEarlyPosts()
    {
        if (_arriving.Count == 0)
        {
            _earlyPosts.Clear();
        }
    }

    private void ReadPosts(IEnumerable<long> keys)
    {
        long[] own = [.. keys];

        if (own.Length > 0)
        {
            server.Taker.Tell(new SessionTakerMessage.ReadPosts(own));
        }
    }

    private void OnPostsRead(IReadOnlyList<StoredPost> posts)
    {
        foreach (IGrouping<long, StoredPost> own in posts.GroupBy(static post => post.Key))
        {
            if (_keys.TryGetValue(own.Key, out ActorRef<SessionMessage>? session))
            {
                session.TryTell(new SessionMessage.Posted([.. own]));
            }
        }
    }

    // The session is in the store, and may be on another node: what is sent to its client from here is left for it.
    private void Post(JstpConnection connection)
    {
        connection.Outbox.TakeOverflow(); // what was refused has been counted and logged; the session cannot be ended any more, as it may be elsewhere

        foreach (OutboxItem item in connection.Outbox.TakeAll())
        {
            switch (item)
            {
                case OutboxItem.Send { Kind: OutgoingKind.Event } send:
                    server.PostOffice.Tell(new PostOfficeMessage.Post(new SessionPost(connection.SessionId, send.Tail)));
                    break;
                case OutboxItem.Send send:
                    send.Request?.FailAsLost();
                    server.Metrics.SendRefused();
                    break;
                case OutboxItem.Ping ping:
                    ping.Request.FailAsLost();
                    break;
                case OutboxItem.Answer:
                    server.Metrics.AnswerDropped();
                    break;
                case OutboxItem.Record:
                    LogStaleData(Context.Logger, SessionId.ForLog(connection.SessionId));
                    break;
            }
        }
    }

    private void EndPassive(IReadOnlyList<string> ids)
    {
        foreach (string id in ids)
        {
            _passive.Take(id)?.EndSession();
        }
    }

    private void OnDetached(ActorRef<SessionMessage> session)
    {
        if (_drained is not null)
        {
            session.TryTell(SessionMessage.MakeRoom.Instance);
        }
        else
        {
            _detached.Enqueue(session);
            MakeRoom();
        }
    }

    private void MakeRoom()
    {
        for (int excess = _sessions.Count - server.Options.MaxSessionsInMemory; excess > 0 && _detached.TryDequeue(out ActorRef<SessionMessage>? session); excess--)
        {
            session.TryTell(SessionMessage.MakeRoom.Instance);
        }
    }

    private void Drain(ReplyTo<bool> reply)
    {
        _drained = reply;

        if (_sessions.Count == 0 || server.Options.SessionStore is null)
        {
            reply.Tell(true); // what a provider keeps needs no release
        }

        foreach (Entry entry in _sessions.Values)
        {
            entry.Actor.TryTell(SessionMessage.MakeRoom.Instance); // those with a client go when it has left
        }
    }

    [LoggerMessage(2141, LogLevel.Warning, "Session {Session} is taken by force: its node did not let go of it within {Timeout}.")]
    private static partial void LogForced(ILogger logger, string session, TimeSpan timeout);

    [LoggerMessage(2142, LogLevel.Warning, "Values of session {Session} were changed, which is not in the memory of this node any more. The change has no effect.")]
    private static partial void LogStaleData(ILogger logger, string session);
}
