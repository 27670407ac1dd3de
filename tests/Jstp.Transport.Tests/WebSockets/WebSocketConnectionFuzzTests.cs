using System.Collections.Concurrent;
using System.Net.Sockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Mutated frame streams over real sockets: every connection ends and is counted out, no callback fails, nothing surfaces as unobserved.</summary>
[Collection(AloneCollection.Name)]
public sealed class WebSocketConnectionFuzzTests
{
    private const int DefaultConnections = 400;
    private const int AtOnce = 20;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Server_MutatedStreams_EndsEveryConnectionAndKeepsServing(bool takeover, bool tls)
    {
        var failures = new ConcurrentQueue<Exception>();
        void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs args)
        {
            // Reads that the peers of this test gave up are theirs.
            if (args.Exception.ToString().Contains("Jstp.Transport.WebSockets.", StringComparison.Ordinal))
            {
                failures.Enqueue(args.Exception);
            }
        }

        TaskScheduler.UnobservedTaskException += OnUnobserved;
        await using ServerHost host = await ServerHost.StartAsync(
            async request =>
            {
                WebSocketConnection connection = await request.AcceptAsync();
                connection.OnMessage = message => connection.SendAsync(message.Type, message.Payload);
                connection.OnError = exception =>
                {
                    if (exception is not (IOException or OperationCanceledException or TimeoutException or SocketException or WebSocketClosedException or InvalidOperationException))
                    {
                        failures.Enqueue(exception);
                    }

                    return default;
                };
            },
            new WebSocketServerOptions
            {
                MaxReceivedFrameSize = 2000,
                MaxReceivedMessageSize = 2000,
                MaxFragmentsPerMessage = 50,
                CloseTimeout = TimeSpan.FromMilliseconds(200),
                Compression = new WebSocketCompressionOptions { Threshold = 1 },
            },
            takeover: takeover,
            tls: tls);
        int count = int.TryParse(Environment.GetEnvironmentVariable("JSTP_FUZZ_CONNECTIONS"), out int asked) ? asked : DefaultConnections;
        await PlayAsync(host, AtOnce);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await PlayAsync(host, count);

        await Eventually.TrueAsync(() => host.Server.ConnectionCount == 0 && host.Server.PendingRequestCount == 0, "the end of every connection");
        host.Connections.Clear();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
        Assert.Empty(failures);
        Assert.True(after - before < 16 * 1024 * 1024, $"Memory grew by {after - before} bytes.");
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        await peer.SendAsync(Frames.Masked(Opcode.Text, "still here"));
        Assert.Equal("still here", await peer.ReadTextAsync());
    }

    private static async Task PlayAsync(ServerHost host, int count)
        => await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var random = new Random(number);
            using RawPeer peer = await RawPeer.UpgradeAsync(host.Address, "/", "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover");
            await peer.SendChoppedAsync(FrameStreams.Mutate(random), 1 + random.Next(60));

            // Peers end in all the ways there are.
            switch (random.Next(4))
            {
                case 0:
                    peer.Reset();
                    break;
                case 1:
                    peer.HalfClose();
                    await DrainAsync(peer);
                    break;
                case 2:
                    await peer.SendChoppedAsync(Frames.MaskedClose(1000), 8);
                    peer.HalfClose(); // the Close may lie inside a frame that was promised
                    await DrainAsync(peer);
                    break;
                default:
                    break;
            }
        });

    private static async Task DrainAsync(RawPeer peer)
    {
        try
        {
            await peer.ReadToEndAsync();
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            // A reset is an end, and a frame that was promised and never came leaves both sides waiting.
        }
    }
}
