using System.Net.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>The thread-safe connection: sending, callbacks, closing, timers (specification page, sections 4, 6 and 7).</summary>
public sealed class WebSocketConnectionTests
{
    [Fact]
    public async Task Send_ManyAtOnce_NeverInterleavesFragments()
    {
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions { FragmentationThreshold = 1000 });
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);
        byte[][] messages = [.. Enumerable.Range(0, 40).Select(i => Enumerable.Repeat((byte)i, 1 + (i * 777)).ToArray())];

        Task[] sends = [.. messages.Select(message => Task.Run(() => connection.SendBinaryAsync(message).AsTask()))];
        var received = new List<byte[]>();

        while (received.Count < messages.Length)
        {
            received.Add(await ReadMessageAsync(peer));
        }

        await Task.WhenAll(sends).Soon();
        Assert.Equal(messages.Select(message => message[0]).Order(), received.Select(message => message[0]).Order());
        Assert.All(received, message => Assert.Equal(1 + (message[0] * 777), message.Count(value => value == message[0])));
        peer.Dispose();
    }

    [Fact]
    public async Task Send_WhilePeerReadsNothing_PingOvertakesBetweenFragments()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);
        byte[] large = new byte[16 * 1024 * 1024];

        Task send = connection.SendBinaryAsync(large).AsTask();
        Assert.False(send.IsCompleted);
        await connection.PingAsync("now"u8.ToArray());

        long before = 0;
        FrameHeader header;
        while ((header = (await peer.ReadFrameAsync()).Header).Opcode is not Opcode.Ping)
        {
            before += header.PayloadLength;
        }

        Assert.InRange(before, 1, large.Length - 1);
        long after = 0;

        while (!header.Fin || after == 0)
        {
            header = (await peer.ReadFrameAsync()).Header;
            after += header.PayloadLength;
        }

        await send.Soon();
        Assert.Equal(large.Length, before + after);
        peer.Dispose();
    }

    [Fact]
    public async Task Send_CancelledBeforeItsTurn_IsWithdrawnAndConnectionGoesOn()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);
        using var cancellation = new CancellationTokenSource();
        Task large = connection.SendBinaryAsync(new byte[16 * 1024 * 1024]).AsTask();
        Task cancelled = connection.SendTextAsync("never", cancellation.Token).AsTask();
        Task last = connection.SendTextAsync("last").AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(16 * 1024 * 1024, (await ReadMessageAsync(peer)).Length);
        Assert.Equal("last", System.Text.Encoding.UTF8.GetString(await ReadMessageAsync(peer)));
        await Task.WhenAll(large, last).Soon();
        peer.Dispose();
    }

    [Fact]
    public async Task Send_AfterClose_FailsAndHandshakeIsUnharmed()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);

        await connection.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye");
        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.SendTextAsync("x").AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.PingAsync().AsTask());

        Assert.Equal(1000, await peer.ReadCloseAsync());
        await peer.SendAsync(Frames.MaskedClose(1000));
        Assert.Empty(await peer.ReadToEndAsync());
        Assert.Equal(new WebSocketCloseInfo(WebSocketCloseStatus.NormalClosure, "bye", true, WebSocketCloseStatus.NormalClosure), await connection.Completion.Soon());
        peer.Dispose();
    }

    [Fact]
    public async Task Close_BehindQueuedMessages_GoesOutLast()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);

        Task send = connection.SendBinaryAsync(new byte[16 * 1024 * 1024]).AsTask();
        Task close = connection.CloseAsync().AsTask();

        Assert.Equal(WebSocketConnectionState.CloseSent, connection.State);
        Assert.Equal(16 * 1024 * 1024, (await ReadMessageAsync(peer)).Length);
        Assert.Equal(1000, await peer.ReadCloseAsync());
        await Task.WhenAll(send, close).Soon();
        peer.Dispose();
    }

    [Fact]
    public async Task ReadAll_UntilThePeerCloses_GivesEveryMessage()
    {
        var texts = new List<string>();
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();

            await foreach (WebSocketMessage message in connection.ReadAllAsync())
            {
                texts.Add(message.GetText());
                await connection.SendTextAsync(message.GetText());
            }

            texts.Add("end");
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "a"), Frames.Masked(Opcode.Text, "b"));
        Assert.Equal("a", await peer.ReadTextAsync());
        Assert.Equal("b", await peer.ReadTextAsync());
        await peer.SendAsync(Frames.MaskedClose(1000));
        await peer.ReadToEndAsync();

        Assert.Equal(["a", "b", "end"], texts);
    }

    [Fact]
    public async Task OnMessage_Throws_ClosesWith1011AndReportsTheError()
    {
        var errors = new TaskCompletionSource<Exception>();
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();
            connection.OnMessage = _ => throw new InvalidTimeZoneException();
            connection.OnError = exception =>
            {
                errors.TrySetResult(exception);
                return default;
            };
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"));

        Assert.Equal(1011, await peer.ReadCloseAsync());
        Assert.IsType<InvalidTimeZoneException>(await errors.Task.Soon());
    }

    [Fact]
    public async Task OnMessage_SendsThenAwaits_IsFlushedBeforeItReturns()
    {
        var release = new TaskCompletionSource();
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();
            connection.OnMessage = async message =>
            {
                await connection.SendTextAsync("working");
                await release.Task;
                await connection.SendTextAsync("done");
            };
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"));

        Assert.Equal("working", await peer.ReadTextAsync());
        release.SetResult();
        Assert.Equal("done", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task OnPing_Cancelled_IsNotAnswered()
    {
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();
            connection.OnMessage = message => connection.SendAsync(message.Type, message.Payload);
            connection.OnPing = ping =>
            {
                if (ping.Payload.Span.SequenceEqual("quiet"u8))
                {
                    ping.Cancel();
                }

                return default;
            };
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Ping, "quiet"), Frames.Masked(Opcode.Ping, "loud"));

        Assert.Equal(Frames.Unmasked(Opcode.Pong, "loud"), await peer.ReadAsync(6));
    }

    [Fact]
    public async Task Close_AtAnyMomentOfTheReading_ReachesThePeer()
    {
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();
            _ = Task.Run(() => connection.CloseAsync(WebSocketCloseStatus.PolicyViolation).AsTask());
        });

        // The close races with the first look at the input; one in a few hundred was lost.
        for (int i = 0; i < 1000; i++)
        {
            using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
            Assert.Equal(1008, await peer.ReadCloseAsync());
        }
    }

    [Fact]
    public async Task Close_BehindALongSend_ReachesAPeerThatSendsBeforeItReads()
    {
        int received = 0;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();
            connection.OnMessage = _ =>
            {
                Interlocked.Increment(ref received);
                return default;
            };
        });
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);
        Task send = connection.SendBinaryAsync(new byte[16 * 1024 * 1024]).AsTask();
        Task close = connection.CloseAsync().AsTask();

        await peer.SendAsync(Frames.Masked(Opcode.Text, "too late"));
        await ReadMessageAsync(peer);

        Assert.Equal(1000, await peer.ReadCloseAsync());
        await Task.WhenAll(send, close).Soon();
        Assert.Equal(0, received);
        peer.Dispose();
    }

    [Fact]
    public async Task KeepAlive_SilentPeer_IsPingedThenDropped()
    {
        var time = new ManualTimeProvider();
        await using ServerHost host = await ServerHost.StartAsync(time: time);
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);
        await Eventually.TrueAsync(() => time.ArmedCount > 0, "the timer");

        time.Advance(TimeSpan.FromSeconds(20.5));
        Assert.Equal([0x89, 0x00], await peer.ReadAsync(2));
        await AdvanceUntilAsync(time, () => connection.Completion.IsCompleted);

        Assert.Equal(CloseCode.Abnormal, (await connection.Completion).Code);
        peer.Dispose();
    }

    [Fact]
    public async Task SendTimeout_PeerThatReadsNothing_IsCutOff()
    {
        var time = new ManualTimeProvider();
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions { KeepAlive = false }, time: time);
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);

        Task send = connection.SendBinaryAsync(new byte[16 * 1024 * 1024]).AsTask();
        Assert.False(send.IsCompleted);
        await AdvanceUntilAsync(time, () => connection.Completion.IsCompleted);

        await Assert.ThrowsAnyAsync<Exception>(() => send.Soon());
        Assert.Equal(CloseCode.Abnormal, (await connection.Completion).Code);
        peer.Dispose();
    }

    [Theory]
    [InlineData(SlowConsumerPolicy.Drop)]
    [InlineData(SlowConsumerPolicy.Close)]
    public async Task SlowConsumer_BacklogExceeded_FollowsThePolicy(SlowConsumerPolicy policy)
    {
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions { MaxSendBacklog = 1000, SlowConsumerPolicy = policy });
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);
        Task large = connection.SendBinaryAsync(new byte[16 * 1024 * 1024]).AsTask();

        await Assert.ThrowsAsync<WebSocketBacklogException>(() => connection.SendBinaryAsync(new byte[1001]).AsTask());

        await ReadMessageAsync(peer);

        if (policy is SlowConsumerPolicy.Close)
        {
            Assert.Equal(1013, await peer.ReadCloseAsync());
        }
        else
        {
            await large.Soon();
            await connection.SendTextAsync("goes on");
            Assert.Equal("goes on", await peer.ReadTextAsync());
        }

        peer.Dispose();
    }

    [Fact]
    public async Task PauseReading_ThenResume_LosesNothing()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);
        await peer.SendAsync(Frames.Masked(Opcode.Text, "first"));
        Assert.Equal("first", await peer.ReadTextAsync());

        connection.PauseReading();
        await peer.SendAsync(Frames.Masked(Opcode.Text, "second"));
        Assert.True(connection.IsReadingPaused);
        connection.ResumeReading();

        Assert.Equal("second", await peer.ReadTextAsync());
        peer.Dispose();
    }

    [Fact]
    public async Task Drop_ByTheApplication_SendsCloseAndEndsWithoutWaitingLong()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);

        await connection.DropAsync(WebSocketCloseStatus.PolicyViolation, "no");

        Assert.Equal(1008, await peer.ReadCloseAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, (await connection.Completion.Soon()).Code);
        peer.Dispose();
    }

    private static async Task<(RawPeer Peer, WebSocketConnection Connection)> ConnectAsync(ServerHost host)
    {
        RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        await Eventually.TrueAsync(() => host.Connections.Count == 1, "the connection");
        return (peer, host.Connections[0]);
    }

    /// <summary>Moves time on, a second at a time, until a condition holds: what is awaited may arm its timer only after the first step.</summary>

    private static async Task AdvanceUntilAsync(ManualTimeProvider time, Func<bool> condition)
        => await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            "the end, by moved time");

    private static async Task<byte[]> ReadMessageAsync(RawPeer peer)
    {
        using var message = new MemoryStream();
        FrameHeader header;

        do
        {
            (header, byte[] payload) = await peer.ReadFrameAsync();
            Assert.Equal(message.Length > 0, header.Opcode is Opcode.Continuation);
            await message.WriteAsync(payload);
        }
        while (!header.Fin);

        return message.ToArray();
    }
}
