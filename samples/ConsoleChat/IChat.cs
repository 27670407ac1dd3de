using Jstp.Client.Remote;

namespace Jstp.Samples.ConsoleChat;

/// <summary>The interface <c>chat</c> of the Chat sample.</summary>
[JstpProxy]
internal partial interface IChat
{
    /// <summary>Somebody has entered a room: its name, and theirs.</summary>
    event Action<string, string> Joined;

    /// <summary>Somebody has left a room: its name, and theirs.</summary>
    event Action<string, string> Left;

    /// <summary>Somebody has said something: the room, who, and what.</summary>
    event Action<string, string, string> Message;

    /// <summary>Enters a room.</summary>
    /// <returns>Who is there, the caller last.</returns>
    Task<string[]> JoinAsync(string room, string name);

    /// <summary>Leaves a room.</summary>
    Task LeaveAsync(string room);

    /// <summary>Says something in a room.</summary>
    Task SayAsync(string room, string text);
}
