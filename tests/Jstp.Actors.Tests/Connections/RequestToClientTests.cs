using Jstp.Actors.Connections;
using Jstp.TestKit;
using Jstp.TestKit.Server;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Tests.Connections;

/// <summary>Protocol page, sections 6, 8 and 9: what the server asks of the client, and sends by itself.</summary>
public sealed class RequestToClientTests
{
    [Fact]
    public async Task CallToTheClient_AnswerDeeperThanTheDefault_IsTakenWhereItIsAllowed()
    {
        await using var server = new JstpTestServer(configure: static options => options.MaxDepth = 1000);
        JstpPeer peer = await server.ConnectAsync();
        Task<IReadOnlyList<MdsfValue>> call = Assert.Single(server.Server.Clients).CallAsync("desk", "sign");
        await peer.ExpectAsync("{call:[-1,'desk'],sign:[]}");

        peer.Send($"{{callback:[-1],ok:[{new string('[', 900)}{new string(']', 900)}]}}");

        Assert.Single(await call.WithinLimitAsync("the answer"));
        peer.Send("{ping:[1]}");
        await peer.ExpectAsync("{pong:[1]}");
    }

    [Theory]
    [InlineData("{callback:[-1],error:[4001,'No','info']}", 4001, "No")]
    [InlineData("{callback:[-1],error:[12]}", 12, "Interface not found")]
    [InlineData("{callback:[-1],error:{code:4002,message:'Swift'}}", 4002, "Swift")]
    [InlineData("{callback:[-1],error:4003}", 4003, "4003")]
    [InlineData("{callback:[-1],error:'text'}", 1, "text")]
    [InlineData("{callback:[-1],error:null}", 16, "Internal API error")]
    [InlineData("{callback:[-1],ok:1}", 16, "Internal API error")]
    [InlineData("{callback:[-1],maybe:[1]}", 16, "Internal API error")]
    [InlineData("{callback:[-1]}", 16, "Internal API error")]
    public async Task CallToTheClient_Fails_ThrowsTheClientsError(string callback, int code, string message)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        Task call = Assert.Single(server.Server.Clients).CallAsync("desk", "sign", new object?[] { 1, "a" });
        await peer.ExpectAsync("{call:[-1,'desk'],sign:[1,'a']}");

        peer.Send(callback);

        JstpException error = await Assert.ThrowsAsync<JstpException>(() => call.WithinLimitAsync("the answer"));
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Fact]
    public async Task CallToTheClient_AnsweredTwice_FirstCounts()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        Task<int> call = Assert.Single(server.Server.Clients).CallAsync<int>("desk", "sign");
        await server.SettleAsync();

        peer.Send("{callback:[-1],ok:[1]}", "{callback:[-1],ok:[2]}");

        Assert.Equal(1, await call.WithinLimitAsync("the answer"));
    }

    [Fact]
    public async Task CallsToTheClient_BeyondTheLimit_FailAtOnce()
    {
        await using var server = new JstpTestServer(configure: static options => options.MaxPendingCalls = 2);
        JstpPeer peer = await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        _ = client.CallAsync("desk", "sign");
        _ = client.InspectAsync("desk");

        Task third = client.CallAsync("desk", "sign");

        await Assert.ThrowsAsync<InvalidOperationException>(() => third.WithinLimitAsync("the refusal"));
        await peer.ExpectAsync("{call:[-1,'desk'],sign:[]}", "{inspect:[-2,'desk']}");
        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task Pings_BeyondTheLimit_FailAtOnce()
    {
        await using var server = new JstpTestServer(configure: static options => options.MaxPendingCalls = 2);
        await server.ConnectAsync();
        JstpConnection client = Assert.Single(server.Server.Clients);
        _ = client.PingAsync();
        _ = client.PingAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.PingAsync().WithinLimitAsync("the refusal"));
    }

    [Fact]
    public async Task PingAsync_ConnectionEnds_FailsAsLost()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = await server.ConnectAsync();
        Task ping = Assert.Single(server.Server.Clients).PingAsync();
        await peer.ExpectAsync("{ping:[-1]}");

        peer.Lose();

        JstpException error = await Assert.ThrowsAsync<JstpException>(() => ping.WithinLimitAsync("the end of the ping"));
        Assert.Equal(JstpErrorCode.CallbackLost, error.Code);
    }

    [Fact]
    public async Task Emit_FromManyThreads_KeepsTheOrderOfEach()
    {
        await using var server = new JstpTestServer(configure: static options => options.AcknowledgePingMessages = 60_000);
        JstpPeer peer = await server.ConnectAsync(outputCapacity: 16 * 1024 * 1024);
        JstpConnection client = Assert.Single(server.Server.Clients);
        const int threads = 4;
        const int perThread = 500;

        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < perThread; i++)
            {
                client.Emit("e", "t", thread, i);
            }
        })));

        int[] next = new int[threads];

        for (int id = 1; id <= threads * perThread; id++)
        {
            string[] parts = (await peer.ReceiveAsync()).Split('[', ',', ']');
            Assert.Equal($"-{id}", parts[1]);
            int thread = int.Parse(parts[5], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(next[thread]++, int.Parse(parts[6], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
