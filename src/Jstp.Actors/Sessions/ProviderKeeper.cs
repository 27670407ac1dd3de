using Jstp.Actors.Hosting;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Sessions;

/// <summary>
/// Keeps a session with an <see cref="ISessionStorageProvider"/>, as the reference does: the whole of it, when its connection closes and when something
/// is added while there is none (protocol page, 10.7 and D18).
/// </summary>
/// <param name="server">The server.</param>
/// <param name="storage">The provider.</param>
/// <param name="id">The session id.</param>
/// <param name="callLater">Has <see cref="OnDueAsync"/> called inside a turn of the session's actor, after a time.</param>
internal sealed partial class ProviderKeeper(JstpServer server, ISessionStorageProvider storage, string id, Action<TimeSpan> callLater) : ISessionKeeper
{
    private const int MaxStoredPerChange = 64;

    private static readonly TimeSpan MaxStoreDelay = TimeSpan.FromMilliseconds(50);

    private long _storedMagnitude; // of the last message that was stored
    private bool _isDue;

    /// <summary>A provider is asked, and says so then.</summary>
    public bool IsStorageAway => false;

    public async ValueTask<Session?> LoadAsync(CancellationToken cancellationToken) =>
        await storage.GetAsync(id, cancellationToken) is { } snapshot ? new Session(snapshot) : null;

    public void OnAttached(Session session)
    {
        // The reference tells its provider nothing, either.
    }

    // The whole session is stored every time. So that a long burst does not cost its square, changes wait until they are a good part of it, but not for long.
    public async ValueTask OnChangedAsync(Session session, CancellationToken cancellationToken)
    {
        if ((session.LastMagnitude - _storedMagnitude) * MaxStoredPerChange >= session.Buffer.Count)
        {
            await StoreAsync(session, isDetached: false, cancellationToken);
        }
        else if (!_isDue)
        {
            _isDue = true;
            callLater(MaxStoreDelay);
        }
    }

    /// <summary>Stores what has waited.</summary>
    public async ValueTask OnDueAsync(Session session, CancellationToken cancellationToken)
    {
        _isDue = false;

        if (session.LastMagnitude != _storedMagnitude)
        {
            await StoreAsync(session, isDetached: false, cancellationToken);
        }
    }

    public async ValueTask OnDetachedAsync(Session session, CancellationToken cancellationToken) =>
        await StoreAsync(session, isDetached: true, cancellationToken);

    public ValueTask<bool> ReleaseAsync(Session session, CancellationToken cancellationToken) =>
        StoreAsync(session, isDetached: true, cancellationToken);

    public async ValueTask DeleteAsync(Session? session)
    {
        try
        {
            await storage.DeleteAsync(id, CancellationToken.None);
        }
#pragma warning disable CA1031 // as in StoreAsync
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed(exception);
        }
    }

    public void OnLost(Session session) => throw new InvalidOperationException("What a provider keeps has no other owner.");

    private async ValueTask<bool> StoreAsync(Session session, bool isDetached, CancellationToken cancellationToken)
    {
        _storedMagnitude = session.LastMagnitude;

        try
        {
            await storage.SetAsync(session.Export(), cancellationToken);

            if (isDetached)
            {
                await storage.SetInactiveAsync(id, cancellationToken);
            }

            return true;
        }
#pragma warning disable CA1031 // the provider is the application's; the session is still in memory, and is stored again at the next change
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed(exception);

            return false;
        }
    }

    private void OnFailed(Exception exception)
    {
        server.Metrics.StoreFailed();
        LogStoreFailed(server.Logger, exception, SessionId.ForLog(id));
    }

    [LoggerMessage(2104, LogLevel.Error, "Session {Session} could not be stored.")]
    private static partial void LogStoreFailed(ILogger logger, Exception exception, string session);
}
