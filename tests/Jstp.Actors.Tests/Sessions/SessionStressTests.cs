using System.Globalization;
using Jstp.Actors.Connections;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>A client that loses its connection again and again while several threads send to it.</summary>
public sealed class SessionStressTests
{
    private const int Threads = 3;
    private const int PerThread = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Events_ManyReconnects_ArriveOnceAndInOrder(int seed)
    {
        var random = new Random(seed);
        await using var server = new JstpTestServer(configure: static options => options.AcknowledgePingMessages = 50_000);
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        Task emitting = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => EmitAsync(client, thread))));
        int[] next = new int[Threads];
        long received = 0;

        while (next.Sum() < Threads * PerThread)
        {
            for (int budget = random.Next(60); budget > 0 && next.Sum() < Threads * PerThread; budget--)
            {
                string[] parts = (await peer.ReceiveAsync()).Split('[', ',', ']');
                long magnitude = -long.Parse(parts[1], CultureInfo.InvariantCulture);
                Assert.True(magnitude > received, "Ids only descend.");
                received = magnitude;
                int thread = int.Parse(parts[5], CultureInfo.InvariantCulture);
                Assert.Equal(next[thread]++, int.Parse(parts[6], CultureInfo.InvariantCulture));
            }

            peer = await ReconnectAsync(server, peer, received, random.Next(4));
        }

        await emitting.WithinLimitAsync("the events to be sent");
        await peer.ExpectNothingAsync();
    }

    private static async Task EmitAsync(JstpConnection client, int thread)
    {
        for (int i = 0; i < PerThread; i++)
        {
            client.Emit("e", "t", thread, i);

            if (i % 16 == 0)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<JstpPeer> ReconnectAsync(JstpTestServer server, JstpPeer peer, long received, int how)
    {
        switch (how)
        {
            case 0:
                peer.Lose();
                break;
            case 1:
                peer.Close();
                break;
            case 2:
                peer.Reset();
                break;
            default:
                break; // it is taken over while it lives
        }

        return await server.RestoreAsync(peer.SessionId, received, 0);
    }
}
