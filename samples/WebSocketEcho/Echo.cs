using Jstp.Transport.WebSockets;

namespace Jstp.Samples.WebSocketEcho;

/// <summary>The echo on the public API.</summary>
internal static class Echo
{
    public static async ValueTask OnRequestAsync(WebSocketRequest request)
    {
        WebSocketConnection connection = await request.AcceptAsync(request.RequestedProtocols is [string first, ..] ? first : null);

        connection.OnMessage = message => connection.SendAsync(message.Type, message.Payload);
    }
}
