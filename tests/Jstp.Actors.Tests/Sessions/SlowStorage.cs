using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>Keeps sessions in memory, and can be made not to answer who stores them.</summary>
internal sealed class SlowStorage : ISessionStorageProvider, IDisposable
{
    private readonly SimpleSessionStorageProvider _inner = new();
    private volatile TaskCompletionSource? _closed;
    private int _waitingCount;

    /// <summary>How many sessions wait to be stored.</summary>
    public int WaitingCount => Volatile.Read(ref _waitingCount);

    public void Close() => _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => Interlocked.Exchange(ref _closed, null)?.SetResult();

    public ValueTask<SessionSnapshot?> GetAsync(string sessionId, CancellationToken cancellationToken) => _inner.GetAsync(sessionId, cancellationToken);

    public async ValueTask SetAsync(SessionSnapshot session, CancellationToken cancellationToken)
    {
        if (_closed is { } closed)
        {
            Interlocked.Increment(ref _waitingCount);
            await closed.Task;
            Interlocked.Decrement(ref _waitingCount);
        }

        await _inner.SetAsync(session, cancellationToken);
    }

    public ValueTask SetInactiveAsync(string sessionId, CancellationToken cancellationToken) => _inner.SetInactiveAsync(sessionId, cancellationToken);

    public ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken) => _inner.DeleteAsync(sessionId, cancellationToken);

    public void Dispose() => _inner.Dispose();
}
