using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>What both ways to the bytes of an upgraded connection have to do alike.</summary>
public abstract class UpgradedConnectionTests(bool preferTransport, bool tls)
{
    private Task<EchoHost> StartAsync(WebSocketProtocolOptions? options = null, TimeSpan? closeTimeout = null)
        => EchoHost.StartAsync(preferTransport, tls, options, closeTimeout);

    [Fact]
    public async Task Connection_AfterHandshake_EchoesAndIsTheExpectedKind()
    {
        await using EchoHost host = await StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "one"), Frames.Masked(Opcode.Text, "two"));

        Assert.Equal("one", await peer.ReadTextAsync());
        Assert.Equal("two", await peer.ReadTextAsync());
        Assert.Equal(preferTransport ? "KestrelConnection" : "StreamConnection", host.Connection!.GetType().Name);
        Assert.Equal(peer.Socket.LocalEndPoint, host.Connection.RemoteEndPoint);
    }

    [Fact]
    public async Task Connection_FrameInTheSamePacketAsTheHandshake_IsDelivered()
    {
        await using EchoHost host = await StartAsync();
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);

        await peer.SendAsync(System.Text.Encoding.ASCII.GetBytes(RawPeer.Handshake()), Frames.Masked(Opcode.Text, "early"));
        await peer.ReadHeadAsync();

        Assert.Equal("early", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task Connection_MoreThanKestrelsBodyLimit_Flows()
    {
        const int MessageLength = 4 * 1024 * 1024;
        var options = new WebSocketProtocolOptions { MaxReceivedFrameSize = MessageLength, MaxReceivedMessageSize = MessageLength, FragmentOutgoingMessages = false };
        await using EchoHost host = await StartAsync(options);
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        byte[] message = Frames.Masked(Opcode.Binary, new byte[MessageLength]);

        for (int i = 0; i < 10; i++)
        {
            Task send = peer.SendAsync(message);
            (FrameHeader header, _) = await peer.ReadFrameAsync();
            await send;
            Assert.Equal(MessageLength, header.PayloadLength);
        }
    }

    [Fact]
    public async Task Connection_PeerCloses_EchoesAndEndsTcpFirst()
    {
        await using EchoHost host = await StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.MaskedClose(1001, "leaving"));

        Assert.Equal(Frames.UnmaskedClose(1001), await peer.ReadToEndAsync());
        Assert.Equal("leaving", (await host.Ended).Description);
    }

    [Fact]
    public async Task Connection_CloseAndFinTogether_IsClean()
    {
        await using EchoHost host = await StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.MaskedClose(1000));
        peer.HalfClose();

        WebSocketCloseInfo info = await host.Ended;
        Assert.True(info.WasClean);
        Assert.Equal(1000, (int)info.Code);
    }

    [Fact]
    public async Task Connection_FinWithoutClose_Reports1006()
    {
        await using EchoHost host = await StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        peer.HalfClose();

        WebSocketCloseInfo info = await host.Ended;
        Assert.Equal(CloseCode.Abnormal, info.Code);
        Assert.False(info.WasClean);
    }

    [Fact]
    public async Task Connection_ResetInTheMiddleOfAFrame_Reports1006()
    {
        await using EchoHost host = await StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"), Frames.MaskedHeader(Opcode.Text, 1000));
        await peer.ReadTextAsync();

        peer.Reset();

        Assert.Equal(CloseCode.Abnormal, (await host.Ended).Code);
    }

    [Fact]
    public async Task Connection_RuleBrokenWhilePeerKeepsSending_PeerReadsTheCloseBeforeTheEnd()
    {
        await using EchoHost host = await StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Unmasked(Opcode.Text, "unmasked"), new byte[20_000]);

        Assert.Equal(1002, await peer.ReadCloseAsync());
        await peer.SendAsync(Frames.MaskedClose(1002));
        Assert.Empty(await peer.ReadToEndAsync());
        Assert.Equal(1002, (int)(await host.Ended).Code);
    }

    [Fact]
    public async Task Connection_WeCloseAndPeerAnswers_IsClean()
    {
        await using EchoHost host = await StartAsync();
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "close me"));
        Assert.Equal(1000, await peer.ReadCloseAsync());
        await peer.SendAsync(Frames.MaskedClose(1000));

        Assert.Empty(await peer.ReadToEndAsync());
        Assert.True((await host.Ended).WasClean);
    }

    [Fact]
    public async Task Connection_WeCloseAndPeerStaysSilent_IsAbortedAfterCloseTimeout()
    {
        await using EchoHost host = await StartAsync(closeTimeout: TimeSpan.FromMilliseconds(200));
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "close me"));

        WebSocketCloseInfo info = await host.Ended;
        Assert.False(info.WasClean);
        Assert.Equal(1000, (int)info.Code);
    }
}
