using System.Net.WebSockets;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets.Compression;

/// <summary>The framework's client with compression against our server.</summary>
public sealed class CompressedServerTests
{
    [Theory]
    [InlineData(9, true)]
    [InlineData(9, false)]
    [InlineData(12, true)]
    [InlineData(15, true)]
    [InlineData(15, false)]
    public async Task Echo_FrameworksClient_GetsEveryMessageBack(int serverBits, bool takeover)
    {
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions
        {
            Compression = new WebSocketCompressionOptions { Threshold = 1, ServerContextTakeover = true, ClientContextTakeover = true },
            MaxReceivedFrameSize = 1024 * 1024,
        });
        using var client = new ClientWebSocket();
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions
        {
            ServerMaxWindowBits = serverBits,
            ServerContextTakeover = takeover,
            ClientContextTakeover = takeover,
        };
        await client.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws" }.Uri, CancellationToken.None).Soon();

        foreach (int length in (int[])[1, 100, 5000, 100_000, 100_000])
        {
            byte[] message = [.. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length).Select(i => $"{i % 91} "))).AsSpan(0, length)];
            await client.SendAsync(message, WebSocketMessageType.Text, true, CancellationToken.None).Soon();
            Assert.Equal(message, await ReceiveAsync(client, length));
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).Soon();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
    }

    [Fact]
    public async Task Broadcast_ToPlainAndCompressedPeers_ReachesBoth()
    {
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions { Compression = new WebSocketCompressionOptions() });
        using RawPeer plain = await RawPeer.UpgradeAsync(host.Address);
        using var client = new ClientWebSocket();
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions { ServerContextTakeover = false };
        await client.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws" }.Uri, CancellationToken.None).Soon();
        string text = new('x', 5000);

        await host.Server.BroadcastAsync(text);

        Assert.Equal(text, await plain.ReadTextAsync());
        Assert.Equal(text, Encoding.ASCII.GetString(await ReceiveAsync(client, text.Length)));
    }

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket client, int length)
    {
        byte[] buffer = new byte[length + 1];
        int received = 0;
        ValueWebSocketReceiveResult result;

        do
        {
            result = await client.ReceiveAsync(buffer.AsMemory(received), CancellationToken.None).AsTask().Soon();
            received += result.Count;
        }
        while (!result.EndOfMessage);

        return buffer[..received];
    }
}
