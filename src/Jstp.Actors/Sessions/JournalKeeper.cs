using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Sessions;

/// <summary>Keeps a session in the store, by the changes that its tracker collects and the journal writes.</summary>
internal sealed partial class JournalKeeper(JstpServer server) : ISessionKeeper
{
    public bool IsStorageAway => server.Journal.IsFailing || server.Membership is { IsCutOff: true };

    public ValueTask<Session?> LoadAsync(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Sessions of a store are read before their actors are made.");

    public void OnAttached(Session session) => TrackerOf(session).Record(session, SessionTransition.Attached);

    public ValueTask OnChangedAsync(Session session, CancellationToken cancellationToken)
    {
        TrackerOf(session).Record(session);

        return ValueTask.CompletedTask;
    }

    public ValueTask OnDetachedAsync(Session session, CancellationToken cancellationToken)
    {
        TrackerOf(session).Record(session, SessionTransition.Detached);

        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> ReleaseAsync(Session session, CancellationToken cancellationToken)
    {
        session.SkipUncertainMagnitudes();

        if (!await TrackerOf(session).WriteAsync(session, SessionTransition.Released, cancellationToken))
        {
            OnLost(session);
        }

        return true;
    }

    public async ValueTask DeleteAsync(Session? session)
    {
        if (session is not null)
        {
            await TrackerOf(session).WriteAsync(session, SessionTransition.Deleted, CancellationToken.None);
        }
    }

    public void OnLost(Session session)
    {
        server.Metrics.SessionLost();
        SessionTracker tracker = TrackerOf(session);
        OutgoingMessage[] events = [.. tracker.TakeUnwritten().Where(static message => message is { Kind: OutgoingKind.Event, IsPost: false })];
        LogLost(server.Logger, SessionId.ForLog(session.Id), events.Length);

        if (server.Options.Durability == SessionDurability.Strict)
        {
            // What was not written has not left either. The new owner is to have it, unless a write went well of which only the answer was lost.
            foreach (OutgoingMessage message in events)
            {
                var origin = new MessageOrigin(tracker.Epoch, message.Magnitude);
                server.PostOffice.Tell(new PostOfficeMessage.Post(new SessionPost(session.Id, message.Tail, origin)));
            }
        }
        else
        {
            server.Metrics.MessagesLost(events.Length); // most of them have left, but nobody knows which
        }
    }

    private static SessionTracker TrackerOf(Session session) =>
        session.Tracker ?? throw new InvalidOperationException("A session of a store has a tracker.");

    [LoggerMessage(2105, LogLevel.Warning, "Session {Session} belongs to another node now. {Count} events that were not written are left for it there if they had not been sent.")]
    private static partial void LogLost(ILogger logger, string session, int count);
}
