using System.Collections.Immutable;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Events;

/// <summary>Who listens to which events. Looked up without a lock from the bytes of a message; changed rarely, by a new table.</summary>
internal sealed class EventRegistry
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Dictionary<string, ImmutableArray<EventSubscriber>>> _subscribers = new(StringComparer.Ordinal);
    private volatile Utf8NameTable<Utf8NameTable<ImmutableArray<EventSubscriber>>> _table = new([]);

    /// <summary>The subscribers of an event, in the order in which they came.</summary>
    public ImmutableArray<EventSubscriber> Find(JstpName interfaceName, JstpName eventName) =>
        _table.TryGetValue(interfaceName, out Utf8NameTable<ImmutableArray<EventSubscriber>>? events)
        && events.TryGetValue(eventName, out ImmutableArray<EventSubscriber> subscribers)
            ? subscribers
            : [];

    /// <summary>Adds a subscriber until what is returned is disposed.</summary>
    public IDisposable Add(string interfaceName, string eventName, EventSubscriber subscriber)
    {
        lock (_changing)
        {
            if (!_subscribers.TryGetValue(interfaceName, out Dictionary<string, ImmutableArray<EventSubscriber>>? events))
            {
                _subscribers.Add(interfaceName, events = new Dictionary<string, ImmutableArray<EventSubscriber>>(StringComparer.Ordinal));
            }

            events[eventName] = events.TryGetValue(eventName, out ImmutableArray<EventSubscriber> present) ? present.Add(subscriber) : [subscriber];
            RebuildLocked();
        }

        return new Subscription(() => Remove(interfaceName, eventName, subscriber));
    }

    private void Remove(string interfaceName, string eventName, EventSubscriber subscriber)
    {
        lock (_changing)
        {
            Dictionary<string, ImmutableArray<EventSubscriber>> events = _subscribers[interfaceName];
            events[eventName] = events[eventName].Remove(subscriber);
            RebuildLocked();
        }
    }

    private void RebuildLocked() =>
        _table = new(_subscribers.Select(static pair => KeyValuePair.Create(pair.Key, new Utf8NameTable<ImmutableArray<EventSubscriber>>(pair.Value))));
}
