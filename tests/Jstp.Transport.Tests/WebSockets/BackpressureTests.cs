using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Pause, resume, drain: holding a peer up, and being held up (specification page, section 4).</summary>
public sealed class BackpressureTests
{
    [Fact]
    public async Task PauseAndResume_RaiseTheirEventsOnceEach()
    {
        var events = new List<string>();
        await using ServerHost host = await ServerHost.StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        WebSocketConnection connection = host.Connections[0];
        connection.Paused += _ => events.Add("paused");
        connection.Resumed += _ => events.Add("resumed");

        connection.PauseReading();
        connection.PauseReading();
        Assert.True(connection.IsReadingPaused);
        connection.ResumeReading();
        connection.ResumeReading();

        Assert.False(connection.IsReadingPaused);
        Assert.Equal(["paused", "resumed"], events);
    }

    [Fact]
    public async Task PauseReading_PeerThatGoesOn_IsHeldUpByTcpAndLosesNothing()
    {
        const int Length = 64 * 1024;
        const int MessageCount = 400; // 25 MiB, more than the buffers on the way hold
        long received = 0;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync();
            connection.PauseReading();
            connection.OnMessage = message =>
            {
                Interlocked.Add(ref received, message.Payload.Length);
                return default;
            };
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        byte[] frame = Frames.Masked(Opcode.Binary, new byte[Length]);

        Task send = Task.Run(async () =>
        {
            for (int i = 0; i < MessageCount; i++)
            {
                await peer.SendAsync(frame);
            }
        });
        Assert.NotSame(send, await Task.WhenAny(send, host.Connections[0].Completion.WaitAsync(TimeSpan.FromMilliseconds(300)).ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Equal(0, Interlocked.Read(ref received));

        host.Connections[0].ResumeReading();
        await send.Soon();
        await Eventually.TrueAsync(() => Interlocked.Read(ref received) == Length * MessageCount, "all bytes");
    }

    [Fact]
    public async Task Drained_PeerThatTookNothingTakesEverything_IsRaisedOnce()
    {
        int drained = 0;
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions { MaxSendBacklog = null });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        WebSocketConnection connection = host.Connections[0];
        connection.Drained += _ => Interlocked.Increment(ref drained);
        Task send = connection.SendBinaryAsync(new byte[32 * 1024 * 1024]).AsTask();
        Task second = connection.SendTextAsync("behind").AsTask();

        Assert.True(connection.IsOutputFull);
        Assert.True(connection.BytesQueued > 0);
        Assert.False(connection.WaitForDrainAsync().IsCompleted);
        Assert.Equal(0, Volatile.Read(ref drained));
        FrameHeader header;

        do
        {
            header = (await peer.ReadFrameAsync()).Header;
        }
        while (header.Opcode is not Opcode.Text);

        await Task.WhenAll(send, second, connection.WaitForDrainAsync()).Soon();
        await Eventually.TrueAsync(() => Volatile.Read(ref drained) == 1, "the event");
        Assert.False(connection.IsOutputFull);
        Assert.Equal(0, connection.BytesQueued);
    }

    [Fact]
    public async Task Listener_ThatThrows_HurtsNobody()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        host.Connections[0].Paused += _ => throw new InvalidTimeZoneException();

        host.Connections[0].PauseReading();
        host.Connections[0].ResumeReading();
        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"));

        Assert.Equal("x", await peer.ReadTextAsync());
    }
}
