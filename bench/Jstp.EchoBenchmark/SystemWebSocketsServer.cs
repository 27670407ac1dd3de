using System.Net.WebSockets;

namespace Jstp.EchoBenchmark;

/// <summary>The echo that ASP.NET Core's documentation shows, on the framework's own WebSockets.</summary>
internal static class SystemWebSocketsServer
{
    public static async Task RunAsync(string[] args, bool deflate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(context => EchoAsync(context, deflate));
        await app.StartAsync();
        Console.WriteLine($"Listening on {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync();
    }

    private static async Task EchoAsync(HttpContext context, bool deflate)
    {
        var accept = new WebSocketAcceptContext { DangerousEnableCompression = deflate, DisableServerContextTakeover = true };
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(accept);
        byte[] buffer = new byte[80 * 1024];

        while (true)
        {
            int length = 0;
            ValueWebSocketReceiveResult result;

            do
            {
                result = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += result.Count;
            }
            while (!result.EndOfMessage);

            if (result.MessageType is WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, length), result.MessageType, endOfMessage: true, CancellationToken.None);
        }
    }
}
