using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>How long pings take, by a clock that is moved by hand.</summary>
public sealed class RoundTripTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task MeasureRoundTrip_PongWithItsPayload_GivesTheTimeBetween()
    {
        await using ServerHost host = await ServerHost.StartAsync(time: _time, options: new WebSocketServerOptions { KeepAlive = false });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        WebSocketConnection connection = host.Connections[0];
        Assert.Null(connection.RoundTripTime);

        Task<TimeSpan> measure = connection.MeasureRoundTripAsync();
        (FrameHeader header, byte[] payload) = await peer.ReadFrameAsync();
        Assert.Equal(Opcode.Ping, header.Opcode);
        _time.Advance(TimeSpan.FromMilliseconds(42));
        await peer.SendAsync(Frames.Masked(Opcode.Pong, "another"), Frames.Masked(Opcode.Pong, payload));

        Assert.Equal(TimeSpan.FromMilliseconds(42), await measure.Soon());
        Assert.Equal(TimeSpan.FromMilliseconds(42), connection.RoundTripTime);
    }

    [Fact]
    public async Task MeasureRoundTrip_TwoAtOnce_AreToldApart()
    {
        await using ServerHost host = await ServerHost.StartAsync(time: _time, options: new WebSocketServerOptions { KeepAlive = false });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        Task<TimeSpan> first = host.Connections[0].MeasureRoundTripAsync();
        (_, byte[] firstPayload) = await peer.ReadFrameAsync();
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Task<TimeSpan> second = host.Connections[0].MeasureRoundTripAsync();
        (_, byte[] secondPayload) = await peer.ReadFrameAsync();
        await peer.SendAsync(Frames.Masked(Opcode.Pong, secondPayload), Frames.Masked(Opcode.Pong, firstPayload));

        Assert.Equal(TimeSpan.Zero, await second.Soon());
        Assert.Equal(TimeSpan.FromMilliseconds(10), await first.Soon());
    }

    [Fact]
    public async Task MeasureRoundTrip_CancelledOrClosed_Ends()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        WebSocketConnection connection = host.Connections[0];
        using var cancel = new CancellationTokenSource();

        Task<TimeSpan> cancelled = connection.MeasureRoundTripAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon());

        Task<TimeSpan> closed = connection.MeasureRoundTripAsync();
        await peer.SendAsync(Frames.MaskedClose(1000));
        await Assert.ThrowsAsync<WebSocketClosedException>(() => closed.Soon());
        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.MeasureRoundTripAsync().Soon());
    }

    [Fact]
    public async Task KeepAlivePing_Answered_SetsTheRoundTripTime()
    {
        await using ServerHost host = await ServerHost.StartAsync(time: _time, options: new WebSocketServerOptions { DropOnKeepAliveTimeout = false });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        WebSocketConnection connection = host.Connections[0];
        Task<(FrameHeader Header, byte[] Payload)> ping = peer.ReadFrameAsync();

        while (!ping.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(Opcode.Ping, (await ping).Header.Opcode);
        await peer.SendAsync(Frames.Masked(Opcode.Pong, ""));

        await Eventually.TrueAsync(() => connection.RoundTripTime is not null, "a round trip");
    }
}
