using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Sessions;

/// <summary>
/// Asks the store on behalf of the <see cref="SessionRegion"/>, which must not wait. Whatever came in while a question was under way goes into the next
/// one, so that thousands of clients that come back together cost a few statements.
/// </summary>
internal sealed partial class SessionTaker(JstpServer server, ISessionStore store) : Actor<SessionTakerMessage>
{
    private const int MaxBatch = 4096;

    private static readonly object RetryTimer = new();
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, SessionTakeRequest> _wanted = new(StringComparer.Ordinal);
    private readonly HashSet<long> _posted = [];
    private readonly List<SessionTakerMessage.Confirm> _unconfirmed = [];
    private IReadOnlyList<SessionClaim> _claims = [];
    private bool _isDue;

    protected override ValueTask ReceiveAsync(SessionTakerMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case SessionTakerMessage.Take take:
                _wanted[take.Request.Id] = take.Request;
                break;
            case SessionTakerMessage.ReadPosts posted:
                _posted.UnionWith(posted.Keys);
                break;
            case SessionTakerMessage.FindLost find:
                _claims = find.Claims;
                break;
            case SessionTakerMessage.Confirm confirm:
                _unconfirmed.Add(confirm);
                break;
            case SessionTakerMessage.Due:
                _isDue = false;
                return AskAsync(stopping);
        }

        if (!_isDue)
        {
            _isDue = true;
            Context.Self.Tell(SessionTakerMessage.Due.Instance); // behind what is in the mailbox already
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask AskAsync(CancellationToken stopping)
    {
        await FindLostAsync(stopping);
        await TakeAsync(stopping);
        await ReadPostsAsync(stopping);
    }

    private async Task TakeAsync(CancellationToken stopping)
    {
        foreach (SessionTakeRequest[] batch in _wanted.Values.Chunk(MaxBatch).ToArray())
        {
            try
            {
                IReadOnlyList<SessionTakeResult> results = await store.TakeAsync(server.Membership!.Number, batch, stopping);
                server.Sessions.Tell(new SessionRegionMessage.Taken(results));
            }
#pragma warning disable CA1031 // whatever the store throws, whoever waits must know
            catch (Exception exception)
#pragma warning restore CA1031
            {
                OnFailed(exception);
                server.Sessions.Tell(new SessionRegionMessage.TakeFailed([.. batch.Select(static request => request.Id)], exception));
            }
        }

        _wanted.Clear();
    }

    private async Task ReadPostsAsync(CancellationToken stopping)
    {
        foreach (long[] batch in _posted.Chunk(MaxBatch).ToArray())
        {
            try
            {
                server.Sessions.Tell(new SessionRegionMessage.PostsRead(await store.ReadPostsAsync(batch, stopping)));
                _posted.ExceptWith(batch);
            }
#pragma warning disable CA1031 // the events are still there
            catch (Exception exception)
#pragma warning restore CA1031
            {
                OnFailed(exception);
                Context.Timers.StartSingle(RetryTimer, SessionTakerMessage.Due.Instance, RetryDelay);

                return;
            }
        }
    }

    private async Task FindLostAsync(CancellationToken stopping)
    {
        if (_claims.Count + _unconfirmed.Count == 0)
        {
            return;
        }

        SessionTakerMessage.Confirm[] asked = [.. _unconfirmed];
        _unconfirmed.Clear();

        try
        {
            IReadOnlyList<long> lost = await store.FindLostAsync([.. _claims.Union(asked.Select(static confirm => confirm.Claim))], stopping);
            _claims = [];
            server.Sessions.Tell(new SessionRegionMessage.LossesFound(lost.ToHashSet(), asked));
        }
#pragma warning disable CA1031 // what was lost is asked again, and the clients that wait are sent away, as those are whose sessions cannot be read
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed(exception);

            foreach (SessionTakerMessage.Confirm confirm in asked)
            {
                confirm.Find.Reply.Fail(new SessionStoreException("The session may be another node's by now.", exception));
            }

            if (_claims.Count > 0)
            {
                Context.Timers.StartSingle(RetryTimer, SessionTakerMessage.Due.Instance, RetryDelay);
            }
        }
    }

    private void OnFailed(Exception exception)
    {
        server.Metrics.StoreFailed();
        LogFailed(Context.Logger, exception);
    }

    [LoggerMessage(2140, LogLevel.Warning, "The session store could not be asked.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
