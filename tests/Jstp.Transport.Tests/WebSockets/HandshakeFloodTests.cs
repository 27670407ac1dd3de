using System.Net;
using System.Net.Sockets;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Clients that begin a handshake and do not go on: they are limited in number, memory and time, and others are served meanwhile.</summary>
[Collection(AloneCollection.Name)]
public sealed class HandshakeFloodTests
{
    private const int FloodCount = 9_500; // both ends are in this process, whose files are often limited to 20,000
    private const long MaxBytesPerConnection = 24 * 1024;

    private static readonly byte[] HalfARequest = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websock");

    [Theory, InlineData(false), InlineData(true)]
    public async Task PlainServer_ThousandsOfHalfOpenHandshakes_ServesOthersAndStaysWithinBounds(bool takeover)
    {
        await using ServerHost host = await ServerHost.StartAsync(takeover: takeover);
        using RawPeer before = await RawPeer.UpgradeAsync(host.Address);
        long memory = GC.GetTotalMemory(forceFullCollection: true);

        List<Socket> flood = await FloodAsync(host.Address.Port, FloodCount);

        // Who was here before is served, and who comes in between.
        await before.SendAsync(Frames.Masked(Opcode.Text, "a"));
        Assert.Equal("a", await before.ReadTextAsync());
        using RawPeer after = await RawPeer.UpgradeAsync(host.Address);
        await after.SendAsync(Frames.Masked(Opcode.Text, "b"));
        Assert.Equal("b", await after.ReadTextAsync());
        Assert.Equal(0, host.Server.PendingRequestCount);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - memory;
        Assert.True(grown < FloodCount * MaxBytesPerConnection, $"{grown / FloodCount} bytes for each half-open handshake.");
        flood.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task WssServer_MoreHandshakesThanAllowed_TurnsTheRestAwayUntilTheFirstHaveTimedOut()
    {
        var options = new WssServerOptions { MaxHandshakes = 50, HandshakeTimeout = TimeSpan.FromSeconds(1) };
        await using WssServer server = WssServer.Create(options);
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        var address = new Uri($"http://127.0.0.1:{endPoint.Port}");
        using RawPeer before = await RawPeer.UpgradeAsync(address); // counts no more, once upgraded

        List<Socket> flood = await FloodAsync(endPoint.Port, 200);
        bool[] ended = await Task.WhenAll(flood.Select(HasEndedAsync));

        // All have ended: most at once, the others, after a second, with 408.
        Assert.DoesNotContain(false, ended);
        using RawPeer after = await RawPeer.UpgradeAsync(address);
        flood.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task WssServer_ClientThatSendsAByteNowAndThen_IsCutOffAllTheSame()
    {
        var options = new WssServerOptions { HandshakeTimeout = TimeSpan.FromSeconds(1) };
        await using WssServer server = WssServer.Create(options);
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        using RawPeer peer = await RawPeer.ConnectAsync(new Uri($"http://127.0.0.1:{endPoint.Port}"));
        Task<string> answer = peer.ReadHeadAsync();
        await peer.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        await Eventually.TrueAsync(
            () =>
            {
                try
                {
                    Thread.Sleep(20); // the pace of the client, not a wait
                    peer.Socket.Send("a"u8);
                }
                catch (SocketException)
                {
                    // The server has had enough.
                }

                return answer.IsCompleted;
            },
            "an answer");

        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
    }

    [Fact]
    public void WssServer_LimitsThatMakeNoSense_StopTheStart()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WssServer.Create(new WssServerOptions { MaxHandshakes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => WssServer.Create(new WssServerOptions { HandshakeTimeout = TimeSpan.Zero }));
    }

    private static async Task<List<Socket>> FloodAsync(int port, int count)
    {
        var flood = new List<Socket>(count);

        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(HalfARequest);
            flood.Add(socket);
        }

        return flood;
    }

    private static async Task<bool> HasEndedAsync(Socket socket)
    {
        byte[] buffer = new byte[1000];

        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory()).AsTask().Soon() > 0)
            {
                // The text of the refusal.
            }
        }
        catch (SocketException)
        {
            // Cut off.
        }

        return true;
    }
}
