using Jstp.Client.Connections;
using Jstp.Client.Tests.Servers;
using Jstp.TestKit;

namespace Jstp.Client.Tests.Connections;

internal static class PeerExtensions
{
    /// <summary>Completes when the client has taken note that it is connected.</summary>
    public static async Task PingThroughAsync(this JstpClientConnection connection, ScriptedPeer peer, long id)
    {
        await Patience.UntilAsync(() => connection.State == JstpConnectionState.Connected, "the connection");
        Task ping = connection.PingAsync();
        await peer.ExpectAsync($"{{ping:[{id}]}}");
        await peer.SendAsync($"{{pong:[{id}]}}");
        await ping.WithinLimitAsync("the pong");
    }
}
