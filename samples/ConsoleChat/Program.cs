using Jstp.Client;
using Jstp.Client.Connections;
using Jstp.Samples.ConsoleChat;
using Jstp.Transport.Protocol;

// A client of the Chat sample: ConsoleChat URL ROOM NAME. A line is said to the room, an empty one ends.
if (args is not [var url, var room, var name])
{
    Console.Error.WriteLine("Usage: ConsoleChat URL ROOM NAME, such as ws://127.0.0.1:3000 kitchen Ann");
    return 2;
}

await using JstpClientConnection connection = await JstpClient.ConnectAsync("chat@^1.0.0", null, url);
IChat chat = connection.GetProxy<IChat>();

chat.Joined += static (_, who) => Console.WriteLine($"{who} is here");
chat.Left += static (_, who) => Console.WriteLine($"{who} has left");
chat.Message += static (_, who, text) => Console.WriteLine($"{who}: {text}");
connection.Disconnected += static (_, lost) => Console.WriteLine($"(connection lost: {lost.Error?.Message ?? "closed by the server"})");
connection.Reconnected += static (_, _) => Console.WriteLine("(back again; what was said meanwhile follows)");

string[] members = await chat.JoinAsync(room, name);
Console.WriteLine($"In the {room}: {string.Join(", ", members)}");

while (Console.ReadLine() is { Length: > 0 } line)
{
    try
    {
        await chat.SayAsync(room, line);
    }
    catch (JstpException error)
    {
        Console.WriteLine($"(error {error.Code}: {error.Message})");
    }
}

await chat.LeaveAsync(room);

return 0;
