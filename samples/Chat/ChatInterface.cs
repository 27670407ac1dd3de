using System.Collections.Concurrent;
using Jstp.Actors.Connections;
using Jstp.Transport.Protocol;

namespace Jstp.Samples.Chat;

/// <summary>The JSTP interface <c>chat</c>. Its members are told of each other by the events <c>joined</c>, <c>left</c> and <c>message</c>.</summary>
public sealed class ChatInterface
{
    /// <summary>Error code: the caller is not in the room.</summary>
    public const int NotInRoom = 2001;

    /// <summary>Error code: a name or a text is empty or too long.</summary>
    public const int BadText = 2002;

    private const int MaxNameLength = 64;
    private const int MaxMessageLength = 4096;

    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);

    /// <summary>Enters a room, which exists from its first member on.</summary>
    /// <returns>The names of those who are in the room, oldest first, the caller last.</returns>
    public string[] Join(JstpConnection connection, string room, string name)
    {
        Check(room, MaxNameLength);
        Check(name, MaxNameLength);
        Room joined = _rooms.GetOrAdd(room, static key => new Room(key));

        return joined.Join(connection, name);
    }

    /// <summary>Leaves a room.</summary>
    public void Leave(JstpConnection connection, string room) => Find(connection, room).Leave(connection);

    /// <summary>Says something to everybody in a room, the caller included.</summary>
    public void Say(JstpConnection connection, string room, string text)
    {
        Check(text, MaxMessageLength);
        Find(connection, room).Say(connection, text);
    }

    /// <summary>The names of all rooms with members.</summary>
    public string[] Rooms() => [.. _rooms.Values.Where(room => room.Count > 0).Select(room => room.Name).Order(StringComparer.Ordinal)];

    private Room Find(JstpConnection connection, string name) =>
        _rooms.TryGetValue(name, out Room? room) && room.Has(connection) ? room : throw new JstpException(NotInRoom, "You are not in this room");

    private static void Check(string text, int maxLength)
    {
        if (text.Length == 0 || text.Length > maxLength)
        {
            throw new JstpException(BadText, $"A text of 1 to {maxLength} characters is needed");
        }
    }
}
