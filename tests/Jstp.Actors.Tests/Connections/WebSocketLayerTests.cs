using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Connections;

/// <summary>What lies below JSTP, as a connection handles it (protocol page, section 1).</summary>
public sealed class WebSocketLayerTests
{
    [Fact]
    public async Task Probe_OfAClient_IsAnsweredAtOnce()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();

        peer.SendProbes(1);

        await peer.ExpectNothingAsync();
        Assert.Equal(1, peer.PongCount);
    }

    [Fact]
    public async Task Probe_BeforeTheHandshake_IsAnsweredAtOnce()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = server.Open();

        peer.SendProbes(1);

        await peer.ExpectNothingAsync();
        Assert.Equal(1, peer.PongCount);
    }

    [Fact]
    public async Task Fault_ClientAnswersTheClose_EndsTheTransportOnlyThen()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();

        peer.Send("{");
        await server.SettleAsync();

        Assert.False(peer.Ended.IsCompleted);
        await peer.ExpectCloseAsync(1007);
        await peer.Ended.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task BinaryMessage_OfUtf8_IsReadAsText()
    {
        await using var server = new JstpTestServer(static app => app.AddInterface("echo", echo => echo.Method("say", (string text) => text)));
        JstpPeer peer = await server.ConnectAsync();

        peer.SendBinary("{call:[1,'echo'],say:['hi']}"u8);

        await peer.ExpectAsync("{callback:[1],ok:['hi']}");
    }

    [Fact]
    public async Task Close_BehindACall_IsAnsweredAfterTheCall()
    {
        await using var server = new JstpTestServer(static app => app.AddInterface("echo", echo => echo.Method("say", (string text) => text)));
        JstpPeer peer = await server.ConnectAsync();

        peer.SendAndClose("{call:[1,'echo'],say:['hi']}");

        await peer.ExpectAsync("{callback:[1],ok:['hi']}");
        await peer.ExpectCloseAsync(1000);
    }

    [Fact]
    public async Task LargeAnswers_ClientDoesNotRead_AreNotPiledUpInOneTurn()
    {
        int executed = 0;
        await using var server = new JstpTestServer(app => app.AddInterface("big", big => big.Method("get", () =>
        {
            executed++;

            return new string('x', 1024 * 1024);
        })));
        JstpPeer peer = await server.ConnectAsync();

        peer.Send(Enumerable.Range(1, 200).Select(static id => $"{{call:[{id},'big'],get:[]}}"));
        await server.SettleAsync();

        Assert.InRange(executed, 1, 3);
    }
}
