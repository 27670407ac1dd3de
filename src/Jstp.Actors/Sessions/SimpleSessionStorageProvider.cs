using System.Collections.Concurrent;

namespace Jstp.Actors.Sessions;

/// <summary>Keeps sessions in memory and deletes those that were inactive for too long, as the provider of the same name in the reference.</summary>
public sealed class SimpleSessionStorageProvider : ISessionStorageProvider, IDisposable
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly TimeSpan _inactiveSessionLifetime;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _purgeTimer;

    /// <summary>Makes an empty provider.</summary>
    /// <param name="inactiveSessionLifetime">How long an inactive session is kept at least; null for 24 hours.</param>
    /// <param name="purgeInterval">How often inactive sessions are looked for; null for 1 hour.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    public SimpleSessionStorageProvider(
        TimeSpan? inactiveSessionLifetime = null, TimeSpan? purgeInterval = null, TimeProvider? timeProvider = null)
    {
        _inactiveSessionLifetime = inactiveSessionLifetime ?? TimeSpan.FromHours(24);
        TimeSpan interval = purgeInterval ?? TimeSpan.FromHours(1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_inactiveSessionLifetime, TimeSpan.Zero, nameof(inactiveSessionLifetime));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero, nameof(purgeInterval));
        _timeProvider = timeProvider ?? TimeProvider.System;
        _purgeTimer = _timeProvider.CreateTimer(static state => ((SimpleSessionStorageProvider)state!).Purge(), this, interval, interval);
    }

    /// <summary>How many sessions are kept.</summary>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public ValueTask<SessionSnapshot?> GetAsync(string sessionId, CancellationToken cancellationToken)
    {
        while (_entries.TryGetValue(sessionId, out Entry? entry))
        {
            if (entry.InactiveSince is null || _entries.TryUpdate(sessionId, entry with { InactiveSince = null }, entry))
            {
                return ValueTask.FromResult<SessionSnapshot?>(entry.Session);
            }
        }

        return ValueTask.FromResult<SessionSnapshot?>(null);
    }

    /// <inheritdoc/>
    public ValueTask SetAsync(SessionSnapshot session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        _entries.AddOrUpdate(
            session.Id, static (_, added) => new Entry(added, null), static (_, entry, added) => entry with { Session = added }, session);

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SetInactiveAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (_entries.TryGetValue(sessionId, out Entry? entry))
        {
            _entries[sessionId] = entry with { InactiveSince = _timeProvider.GetTimestamp() };
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken)
    {
        _entries.TryRemove(sessionId, out _);

        return ValueTask.CompletedTask;
    }

    /// <summary>Stops looking for inactive sessions.</summary>
    public void Dispose() => _purgeTimer.Dispose();

    private void Purge()
    {
        foreach (KeyValuePair<string, Entry> pair in _entries)
        {
            if (pair.Value.InactiveSince is { } since && _timeProvider.GetElapsedTime(since) >= _inactiveSessionLifetime)
            {
                _entries.TryRemove(pair); // only if it is still the entry that was looked at
            }
        }
    }

    private sealed record Entry(SessionSnapshot Session, long? InactiveSince);
}
