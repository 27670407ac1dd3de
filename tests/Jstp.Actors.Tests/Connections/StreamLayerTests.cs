using System.Text;
using Jstp.Actors.Connections;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Connections;

/// <summary>What a byte stream, as under TCP, TLS and Unix sockets, makes different (protocol page, appendix).</summary>
public sealed class StreamLayerTests
{
    [Fact]
    public async Task Messages_SeveralInOneReadOrOneInMany_AreAnsweredInOrder()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer peer = server.OpenStream();
        await peer.HandshakeAsync();

        peer.Send("{call:[1,'calc'],add:[1,2]}", "{}", "{ping:[2]}", "{inspect:[3,'calc']}");
        await peer.ExpectAsync("{callback:[1],ok:[3]}", "{pong:[2]}", "{callback:[3],ok:['add','echo']}");

        foreach (byte value in Encoding.UTF8.GetBytes("{call:[4,'calc'],echo:['wörld €😀']}\0"))
        {
            peer.SendRaw([value]);
        }

        await peer.ExpectAsync("{callback:[4],ok:['wörld €😀']}");
    }

    [Fact]
    public async Task Handshake_HeartbeatsBeforeAndCallsBehind_AreServed()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer peer = server.OpenStream();

        peer.Send("{}", "{}", "{handshake:[0,'app']}", "{call:[1,'calc'],add:[1,2]}");

        Assert.StartsWith("{handshake:[0],ok:'", await peer.ReceiveAsync(), StringComparison.Ordinal);
        await peer.ExpectAsync("{callback:[1],ok:[3]}");
    }

    [Fact]
    public async Task Handshake_Refused_IsAnsweredAndTheStreamEnds()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer peer = server.OpenStream();

        peer.Send("{handshake:[0,'nowhere']}", "{handshake:[0,'app']}");

        await peer.ExpectAsync("{handshake:[0],error:[10]}");
        await peer.ExpectEndAsync();
        await peer.Released.WithinLimitAsync("the release");
    }

    [Fact]
    public async Task Handshake_NotInTime_EndsTheStream()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer peer = server.OpenStream();
        peer.SendRaw("{handshake:[0,'a");

        await server.AdvanceAsync(TimeSpan.FromSeconds(2.9));
        await peer.ExpectNothingAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));

        await peer.ExpectEndAsync();
    }

    [Theory]
    [InlineData("\0")]
    [InlineData(" \n\0")]
    [InlineData("null\0")]
    [InlineData("[1]\0")]
    [InlineData("hello\0")]
    public async Task Text_EmptyBlankOrNoObject_EndsTheStreamBeforeAndAfterTheHandshake(string characters)
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer early = server.OpenStream();
        StreamPeer late = server.OpenStream();
        await late.HandshakeAsync();

        early.SendRaw(characters);
        late.SendRaw(characters);

        await early.ExpectEndAsync();
        await late.ExpectEndAsync();
    }

    [Fact]
    public async Task Text_FatalBetweenOthers_ThoseBeforeAreAnsweredAndNoneBehind()
    {
        int runs = 0;
        await using var server = new JstpTestServer(app => app.AddInterface("calc", calc => calc.Method("run", () => ++runs)));
        StreamPeer peer = server.OpenStream();
        await peer.HandshakeAsync();

        peer.Send("{call:[1,'calc'],run:[]}", "{broken", "{call:[2,'calc'],run:[]}");

        await peer.ExpectAsync("{callback:[1],ok:[1]}");
        await peer.ExpectEndAsync();
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Text_BeyondTheLimit_EndsTheStreamThoughItsEndHasNotCome()
    {
        const int limit = 4096;
        List<string> failures = [];
        await using var server = new JstpTestServer(
            static app => app.AddInterface("calc", static calc => calc.Method("size", static (string text) => text.Length)),
            options => options.MaxMessageSize = limit);
        server.Server.ConnectionFailed += failed => failures.Add(failed.Reason);
        StreamPeer peer = server.OpenStream();
        await peer.HandshakeAsync();
        string call = "{call:[1,'calc'],size:['" + new string('x', limit - "{call:[1,'calc'],size:['']}".Length) + "']}";

        peer.Send(call);
        await peer.ExpectAsync($"{{callback:[1],ok:[{limit - "{call:[1,'calc'],size:['']}".Length}]}}");
        peer.SendRaw(call + " ");

        await peer.ExpectEndAsync();
        Assert.Single(failures);
    }

    [Fact]
    public async Task Text_InvalidUtf8_EndsTheStream()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer peer = server.OpenStream();
        await peer.HandshakeAsync();

        peer.SendRaw([.. "{call:[1,'calc'],echo:['"u8, 0xC3, 0x28, .. "']}\0"u8]);

        await peer.ExpectEndAsync();
    }

    [Fact]
    public async Task Session_LostOnAStream_IsRestoredOverWebSocketAndBack()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer first = server.OpenStream();
        string session = await first.HandshakeAsync();
        first.Send("{ping:[7]}");
        await first.ExpectAsync("{pong:[7]}");
        JstpConnection client = await ClientAsync(server);
        first.Lose();
        await Patience.UntilAsync(() => !client.IsConnected, "the loss");
        client.Emit("news", "tick", 1);

        JstpPeer second = await server.RestoreAsync(session, receivedCount: 0, expectedCount: 7);
        await second.ExpectAsync("{event:[-1,'news'],tick:[1]}");
        StreamPeer third = server.OpenStream();
        third.Send($"{{handshake:[0,'app'],session:['{session}',1]}}");

        await third.ExpectAsync("{handshake:[0],ok:7}");
        await second.ExpectCloseAsync(1000); // the newer connection has the session
    }

    [Fact]
    public async Task KeepAlive_SilentStream_IsAskedByAPingOfJstpAndCutOffAndAnAnsweringOneIsNot()
    {
        await using JstpTestServer server = CreateServer(keepAlive: true);
        StreamPeer silent = server.OpenStream();
        StreamPeer answering = server.OpenStream();
        await silent.HandshakeAsync();
        await answering.HandshakeAsync();

        for (int id = 1; id <= 3; id++)
        {
            await server.AdvanceAsync(TimeSpan.FromSeconds(20));
            await answering.ExpectAsync($"{{ping:[-{id}]}}");
            answering.Send($"{{pong:[-{id}]}}");
        }

        Assert.True(silent.IsAborted);
        Assert.False(answering.IsAborted);
    }

    [Fact]
    public async Task KeepAlive_OldHeartbeats_CountAsLife()
    {
        await using JstpTestServer server = CreateServer(keepAlive: true);
        StreamPeer peer = server.OpenStream();
        await peer.HandshakeAsync();

        for (int i = 0; i < 5; i++)
        {
            await server.AdvanceAsync(TimeSpan.FromSeconds(15));
            peer.Send("{}");
        }

        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task Output_NotTaken_IsCutOffAfterTheSendTimeoutAndTheSessionKeepsIt()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer peer = server.OpenStream(outputCapacity: 1024);
        string session = await peer.HandshakeAsync();
        JstpConnection client = await ClientAsync(server);

        client.Emit("news", "large", new string('x', 2000));
        client.Emit("news", "small");
        await server.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.True(peer.IsAborted);
        JstpPeer again = await server.RestoreAsync(session, receivedCount: 0, expectedCount: 0);
        Assert.StartsWith("{event:[-1,'news'],large:['xxx", await again.ReceiveAsync(), StringComparison.Ordinal);
        await again.ExpectAsync("{event:[-2,'news'],small:[]}");
    }

    [Fact]
    public async Task Stream_EndedByTheClientBehindACall_AnswersTheCallAndEnds()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer peer = server.OpenStream();
        await peer.HandshakeAsync();

        peer.Send("{call:[1,'calc'],add:[1,2]}");
        peer.EndInput();

        await peer.ExpectAsync("{callback:[1],ok:[3]}");
        await peer.ExpectEndAsync();
    }

    [Fact]
    public async Task StopAsync_Streams_End()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer peer = server.OpenStream();
        StreamPeer early = server.OpenStream();
        await peer.HandshakeAsync();

        await server.StopAsync();

        await peer.ExpectEndAsync();
        await early.ExpectEndAsync();
    }

    [Fact]
    public async Task Bytes_Random_EndTheirOwnConnectionAtMost()
    {
        await using JstpTestServer server = CreateServer();
        StreamPeer witness = server.OpenStream();
        await witness.HandshakeAsync();
        var random = new Random(11);
        byte[] alphabet = Encoding.UTF8.GetBytes("{}[]:,'\"\\\0\0 0123456789callbackpingpongeventapphandshakeé");

        for (int i = 0; i < 500; i++)
        {
            StreamPeer peer = server.OpenStream();

            if (i % 2 == 0)
            {
                await peer.HandshakeAsync();
            }

            byte[] bytes = new byte[random.Next(1, 300)];

            for (int at = 0; at < bytes.Length; at++)
            {
                bytes[at] = random.Next(50) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            peer.SendRaw(bytes);
            peer.EndInput();
            await peer.Released.WithinLimitAsync("the end of a hostile connection");
        }

        witness.Send("{call:[1,'calc'],add:[20,22]}");
        await witness.ExpectAsync("{callback:[1],ok:[42]}");
    }

    private static JstpTestServer CreateServer(bool keepAlive = false) => new(
        static app => app.AddInterface("calc", static calc => calc
            .Method("add", static (int a, int b) => a + b)
            .Method("echo", static (string text) => text)),
        options => options.KeepAliveInterval = keepAlive ? TimeSpan.FromSeconds(20) : null);

    private static async Task<JstpConnection> ClientAsync(JstpTestServer server)
    {
        await server.SettleAsync();

        return Assert.Single(server.Server.Clients);
    }
}
