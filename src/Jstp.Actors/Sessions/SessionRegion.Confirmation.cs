using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

// Whether a session that is in memory is still this node's. The store alone knows: a node that was cut off, or stopped for a while, may not have noticed
// yet that another one has taken it (docs/adr/0008-restores-are-confirmed.md).
internal sealed partial class SessionRegion
{
    private void Confirm(SessionRegionMessage.Find find, SessionTracker tracker)
    {
        if (tracker.IsStored)
        {
            server.Taker.Tell(new SessionTakerMessage.Confirm(tracker.Claim, find));
        }
        else
        {
            FindOnceWritten(find, tracker); // its first write is under way, and the store may have it or not
        }
    }

    private void FindOnceWritten(SessionRegionMessage.Find find, SessionTracker tracker)
    {
        if (server.Journal.IsFailing)
        {
            find.Reply.Fail(new SessionStoreException("The session may be another node's by now, and the store cannot be asked."));
        }
        else
        {
            Kernel.ActorRef<SessionRegionMessage> self = Context.Self;
            tracker.CallOnceSettled(() => self.TryTell(find));
        }
    }

    // A session that was opened a moment ago, or while the store was away, is not in the store yet, and nobody else's either.
    private void FindLost() => server.Taker.Tell(new SessionTakerMessage.FindLost([.. _sessions.Values
        .Select(static entry => entry.Tracker)
        .Where(static tracker => tracker is { IsStored: true })
        .Select(static tracker => tracker!.Claim)]));

    private void OnLossesFound(SessionRegionMessage.LossesFound found)
    {
        if (found.Keys.Count > 0)
        {
            Lose(found.Keys);
        }

        foreach (SessionTakerMessage.Confirm asked in found.Asked)
        {
            OnConfirmed(asked.Find, asked.Claim, found.Keys.Contains(asked.Claim.Key));
        }
    }

    private void Lose(IReadOnlySet<long> keys)
    {
        foreach (SessionTracker tracker in _sessions.Values.Select(static entry => entry.Tracker).OfType<SessionTracker>().Where(tracker => keys.Contains(tracker.Key)))
        {
            tracker.Lose();
        }
    }

    private void OnConfirmed(SessionRegionMessage.Find find, SessionClaim claim, bool isLost)
    {
        if (!_sessions.TryGetValue(find.Id, out Entry? entry) || entry.Tracker is not { } tracker || tracker.Claim != claim)
        {
            Find(find); // it has left meanwhile
        }
        else if (isLost && !tracker.IsLost)
        {
            FindOnceWritten(find, tracker); // the loss waits for the outcome of a write
        }
        else
        {
            ResumeOrLoad(find, entry); // one that is lost was told so before, and passes this on once it has gone
        }
    }
}
