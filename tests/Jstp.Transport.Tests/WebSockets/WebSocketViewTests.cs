using System.Net.WebSockets;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>A connection seen as the framework's WebSocket, with the framework's own client at the other end.</summary>
public sealed class WebSocketViewTests
{
    private const int MiB = 1024 * 1024;

    [Theory, InlineData(false), InlineData(true)]
    public async Task EchoLoop_FromTheFrameworksDocumentation_WorksUnchanged(bool takeover)
    {
        await using ServerHost host = await ServerHost.StartAsync(
            async request =>
            {
                using WebSocket socket = (await request.AcceptAsync()).AsWebSocket();
                await EchoAsync(socket);
            },
            new WebSocketServerOptions { MaxReceivedFrameSize = MiB },
            takeover: takeover);
        using ClientWebSocket client = await ConnectAsync(host);
        byte[] message = new byte[200_000];
        new Random(1).NextBytes(message);

        await client.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).Soon();
        Assert.Equal(message, await ReceiveAsync(client));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None).Soon();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
        WebSocketCloseInfo info = await host.Connections[0].Completion.Soon();
        Assert.True(info.WasClean);
        Assert.Equal("done", info.Description);
    }

    [Fact]
    public async Task Receive_IntoASmallBuffer_GivesTheMessageInParts()
    {
        var results = new List<(int Count, bool End)>();
        await using ServerHost host = await StartAsync(async socket =>
        {
            byte[] buffer = new byte[4];
            ValueWebSocketReceiveResult result;

            do
            {
                result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                results.Add((result.Count, result.EndOfMessage));
            }
            while (!result.EndOfMessage);
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Text, "12345", fin: false), Frames.Masked(Opcode.Continuation, "67890"));

        await Eventually.TrueAsync(() => results.Count == 3, "three parts");
        Assert.Equal([(4, false), (4, false), (2, true)], results);
    }

    [Fact]
    public async Task Receive_Cancelled_LeavesTheConnectionUsableAndLosesNothing()
    {
        using var cancel = new CancellationTokenSource();
        await using ServerHost host = await StartAsync(async socket =>
        {
            byte[] buffer = new byte[100];
            await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ReceiveAsync(buffer, cancel.Token));
            await socket.SendAsync("cancelled"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await EchoAsync(socket);
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await cancel.CancelAsync();
        Assert.Equal("cancelled", await peer.ReadTextAsync());
        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"));

        Assert.Equal("x", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task Send_InParts_IsOneMessage()
    {
        await using ServerHost host = await StartAsync(async socket =>
        {
            await socket.SendAsync("one"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
            await socket.SendAsync("two"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
            await socket.SendAsync("three"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await socket.SendAsync("four"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await EchoAsync(socket);
        });
        using ClientWebSocket client = await ConnectAsync(host);

        Assert.Equal("onetwothree", Encoding.UTF8.GetString(await ReceiveAsync(client)));
        Assert.Equal("four", Encoding.UTF8.GetString(await ReceiveAsync(client)));
    }

    [Fact]
    public async Task Close_ByTheServer_CompletesTheHandshake()
    {
        WebSocketState state = default;
        await using ServerHost host = await StartAsync(async socket =>
        {
            Assert.Equal(WebSocketState.Open, socket.State);
            await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, "go away", CancellationToken.None);
            state = socket.State;
        });
        using ClientWebSocket client = await ConnectAsync(host);

        Assert.Empty(await ReceiveAsync(client));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.CloseStatus);
        await client.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, null, CancellationToken.None).Soon();

        await Eventually.TrueAsync(() => state is WebSocketState.Closed, "the closed state");
        Assert.True((await host.Connections[0].Completion.Soon()).WasClean);
    }

    [Fact]
    public async Task Close_WhoseCodeIsMissing_IsReportedAsEmpty()
    {
        WebSocketReceiveResult? result = null;
        WebSocketCloseStatus? status = null;
        await using ServerHost host = await StartAsync(async socket =>
        {
            result = await socket.ReceiveAsync(new ArraySegment<byte>(new byte[1]), CancellationToken.None);
            status = socket.CloseStatus;
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        await peer.SendAsync(Frames.Masked(Opcode.Close, ""));
        await peer.ReadToEndAsync().Soon();

        await Eventually.TrueAsync(() => status is not null, "the result");
        Assert.Equal(WebSocketMessageType.Close, result!.MessageType);
        Assert.Equal(WebSocketCloseStatus.Empty, status);
    }

    [Fact]
    public async Task Receive_PeerGoneWithoutClose_Throws()
    {
        WebSocketException? failure = null;
        await using ServerHost host = await StartAsync(async socket =>
            failure = await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[1], CancellationToken.None)));
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);

        peer.Reset();

        await Eventually.TrueAsync(() => failure is not null, "the exception");
        Assert.Equal(WebSocketError.ConnectionClosedPrematurely, failure!.WebSocketErrorCode);
    }

    [Fact]
    public async Task Dispose_OfAnOpenConnection_CutsItOff()
    {
        await using ServerHost host = await StartAsync(async socket =>
        {
            await socket.ReceiveAsync(new byte[1], CancellationToken.None);
            socket.Dispose();
        });
        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address);
        await peer.SendAsync(Frames.Masked(Opcode.Text, "x"));

        await Assert.ThrowsAnyAsync<IOException>(() => peer.ReadAsync(1));
    }

    private static Task<ServerHost> StartAsync(Func<WebSocket, Task> serve) => ServerHost.StartAsync(async request =>
    {
        WebSocketConnection connection = await request.AcceptAsync();
        await serve(connection.AsWebSocket());
    });

    private static async Task<ClientWebSocket> ConnectAsync(ServerHost host)
    {
        var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws" }.Uri, CancellationToken.None).Soon();
        return client;
    }

    private static async Task EchoAsync(WebSocket socket)
    {
        byte[] buffer = new byte[10_000];

        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None);

            if (result.MessageType is WebSocketMessageType.Close)
            {
                await socket.CloseAsync(result.CloseStatus!.Value, result.CloseStatusDescription, CancellationToken.None);
                return;
            }

            await socket.SendAsync(new ArraySegment<byte>(buffer, 0, result.Count), result.MessageType, result.EndOfMessage, CancellationToken.None);
        }
    }

    /// <summary>Receives a message; nothing when the peer closes.</summary>
    private static async Task<byte[]> ReceiveAsync(ClientWebSocket client)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[8192];
        WebSocketReceiveResult result;

        do
        {
            result = await client.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None).Soon();
            message.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);

        return message.ToArray();
    }
}
