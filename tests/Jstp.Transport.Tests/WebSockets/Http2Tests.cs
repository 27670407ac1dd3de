using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Text;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>WebSockets over HTTP/2 (RFC 8441), with the framework's client: over TLS and in the clear, beside the takeover that is HTTP/1.1's alone.</summary>
public sealed class Http2Tests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ExtendedConnect_IsAcceptedAndEchoes(bool tls, bool takeover)
    {
        await using ServerHost host = await StartAsync(tls, takeover);
        using HttpMessageInvoker invoker = CreateInvoker();

        using ClientWebSocket client = await ConnectAsync(host, invoker, "/chat?x=1", tls);

        Assert.Equal("one", client.SubProtocol);
        await SendAsync(client, "hello");
        Assert.Equal("hello", await ReceiveAsync(client));
        WebSocketConnection connection = Assert.Single(host.Connections);
        Assert.Equal(IPAddress.Loopback, connection.RemoteAddress);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).Soon();
        WebSocketCloseInfo info = await connection.Completion.Soon();
        Assert.True(info.WasClean);
        Assert.Equal("bye", info.Description);
    }

    [Fact]
    public async Task ExtendedConnect_ManyOnOneTcpConnection_AreIndependent()
    {
        await using ServerHost host = await StartAsync(tls: true, takeover: true);
        using HttpMessageInvoker invoker = CreateInvoker();
        ClientWebSocket[] clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ConnectAsync(host, invoker, "/", tls: true)));

        clients[3].Abort();
        await Eventually.TrueAsync(() => host.Server.ConnectionCount == 9, "the end of one");

        foreach (ClientWebSocket client in clients.Where((_, i) => i != 3))
        {
            await SendAsync(client, "x");
            Assert.Equal("x", await ReceiveAsync(client));
            client.Dispose();
        }
    }

    [Fact]
    public async Task ExtendedConnect_Rejected_GetsTheStatus()
    {
        await using ServerHost host = await ServerHost.StartAsync(request => new ValueTask(request.RejectAsync()), tls: true, protocols: HttpProtocols.Http1AndHttp2);
        using HttpMessageInvoker invoker = CreateInvoker();
        using var client = new ClientWebSocket();

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(client, host, invoker, "/", tls: true));

        Assert.Equal(HttpStatusCode.Forbidden, client.HttpStatusCode);
    }

    [Fact]
    public async Task HostStopping_OpenStream_SeesGoingAway()
    {
        await using ServerHost host = await StartAsync(tls: true, takeover: true);
        using HttpMessageInvoker invoker = CreateInvoker();
        using ClientWebSocket client = await ConnectAsync(host, invoker, "/", tls: true);
        await Eventually.TrueAsync(() => host.Server.ConnectionCount == 1, "the connection");

        Task stop = host.StopAsync();
        WebSocketReceiveResult result = await client.ReceiveAsync(new ArraySegment<byte>(new byte[100]), CancellationToken.None).Soon();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, result.CloseStatus);
        await client.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, CancellationToken.None).Soon();
        await stop.Soon();
    }

    private static Task<ServerHost> StartAsync(bool tls, bool takeover) => ServerHost.StartAsync(
        async request =>
        {
            WebSocketConnection connection = await request.AcceptAsync(request.RequestedProtocols[0]);
            connection.OnMessage = message => connection.SendAsync(message.Type, message.Payload);
        },
        tls: tls,
        takeover: takeover,
        protocols: tls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2);

    private static HttpMessageInvoker CreateInvoker() => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => EchoHost.Certificate.Equals(certificate) },
    });

    private static async Task<ClientWebSocket> ConnectAsync(ServerHost host, HttpMessageInvoker invoker, string path, bool tls)
    {
        var client = new ClientWebSocket();
        await ConnectAsync(client, host, invoker, path, tls);
        return client;
    }

    private static Task ConnectAsync(ClientWebSocket client, ServerHost host, HttpMessageInvoker invoker, string path, bool tls)
    {
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        client.Options.CollectHttpResponseDetails = true;
        client.Options.AddSubProtocol("one");
        client.Options.AddSubProtocol("two");
        return client.ConnectAsync(new Uri($"{(tls ? "wss" : "ws")}://127.0.0.1:{host.Address.Port}{path}"), invoker, CancellationToken.None).Soon();
    }

    private static Task SendAsync(ClientWebSocket client, string text)
        => client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Soon();

    private static async Task<string> ReceiveAsync(ClientWebSocket client)
    {
        byte[] buffer = new byte[1000];
        WebSocketReceiveResult result = await client.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None).Soon();
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
