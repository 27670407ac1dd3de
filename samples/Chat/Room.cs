using Jstp.Actors.Connections;

namespace Jstp.Samples.Chat;

/// <summary>Who is in a room. Members stay while their session lives, so that a lost connection is not a farewell. Thread-safe.</summary>
internal sealed class Room(string name)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<JstpConnection, string> _members = [];

    public string Name { get; } = name;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _members.Count;
            }
        }
    }

    public bool Has(JstpConnection member)
    {
        lock (_gate)
        {
            return _members.ContainsKey(member);
        }
    }

    public string[] Join(JstpConnection member, string memberName)
    {
        lock (_gate)
        {
            if (_members.TryAdd(member, memberName))
            {
                member.SessionEnded.Register(() => Leave(member));
            }

            _members[member] = memberName;
            Tell("joined", memberName);

            return [.. _members.Values];
        }
    }

    public void Leave(JstpConnection member)
    {
        lock (_gate)
        {
            if (_members.Remove(member, out string? memberName))
            {
                Tell("left", memberName);
            }
        }
    }

    public void Say(JstpConnection member, string text)
    {
        lock (_gate)
        {
            Tell("message", _members.GetValueOrDefault(member, ""), text);
        }
    }

    // Under the lock, so that all members see everything in one order. Emitting only queues.
    private void Tell(string eventName, params ReadOnlySpan<object?> arguments)
    {
        foreach (JstpConnection member in _members.Keys)
        {
            if (!member.SessionEnded.IsCancellationRequested)
            {
                member.Emit("chat", eventName, [Name, .. arguments]);
            }
        }
    }
}
