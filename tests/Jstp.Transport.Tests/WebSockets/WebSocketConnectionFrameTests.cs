using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Frames to and from the application (specification page, sections 4 and 5.4).</summary>
public sealed class WebSocketConnectionFrameTests
{
    [Fact]
    public async Task FrameMode_FragmentsAndControl_ReachOnFrame()
    {
        var frames = new List<string>();
        await using ServerHost host = await ServerHost.StartAsync(
            async request =>
            {
                WebSocketConnection connection = await request.AcceptAsync();
                connection.OnFrame = frame =>
                {
                    frames.Add($"{frame.Opcode} {frame.Fin} {frame.Payload.Length}");
                    return default;
                };
            },
            new WebSocketServerOptions { AssembleFragments = false });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(
            Frames.Masked(Opcode.Text, "ab", fin: false),
            Frames.Masked(Opcode.Ping, ""),
            Frames.Masked(Opcode.Continuation, "c"),
            Frames.MaskedClose(1000));
        await peer.ReadToEndAsync();

        Assert.Equal(["Text False 2", "Ping True 0", "Continuation True 1", "Close True 2"], frames);
    }

    [Fact]
    public async Task SendFrame_IllegalControlOrReservedBits_IsRefused()
    {
        await using ServerHost host = await ServerHost.StartAsync();
        (RawPeer peer, WebSocketConnection connection) = await ConnectAsync(host);

        await Assert.ThrowsAsync<ArgumentException>(() => connection.SendFrameAsync(new WebSocketFrame(Opcode.Ping, new byte[126])).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => connection.SendFrameAsync(new WebSocketFrame(Opcode.Ping, default, Fin: false)).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => connection.SendFrameAsync(new WebSocketFrame(Opcode.Text, default, Reserved: 4)).AsTask());
        await connection.SendFrameAsync(new WebSocketFrame(Opcode.Text, "x"u8.ToArray(), Fin: false, Reserved: 2), allowReservedBits: true);

        Assert.Equal([0x21, 0x01, (byte)'x'], await peer.ReadAsync(3));
        peer.Dispose();
    }

    private static async Task<(RawPeer Peer, WebSocketConnection Connection)> ConnectAsync(ServerHost host)
    {
        RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        await Eventually.TrueAsync(() => host.Connections.Count == 1, "the connection");
        return (peer, host.Connections[0]);
    }
}
