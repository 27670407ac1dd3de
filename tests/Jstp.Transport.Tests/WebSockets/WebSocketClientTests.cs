using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>The client's handshake and codec: against our server, and against answers that no server should give.</summary>
public sealed class WebSocketClientTests
{
    private const string Good = "HTTP/1.1 101 x\r\nUpgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\nSec-WebSocket-Accept: {accept}\r\n";

    /// <summary>Answers that must be refused, and a word of why.</summary>
    public static TheoryData<string, string> BadAnswers => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "200" },
        { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n", "302" },
        { Good.Replace("Upgrade: WebSocket", "Upgrade: h2c", StringComparison.Ordinal) + "Sec-WebSocket-Protocol: b\r\n", "upgrade" },
        { Good.Replace("keep-alive, upgrade", "keep-alive", StringComparison.Ordinal) + "Sec-WebSocket-Protocol: b\r\n", "upgrade" },
        { Good.Replace("{accept}", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", StringComparison.Ordinal) + "Sec-WebSocket-Protocol: b\r\n", "Accept" },
        { Good, "subprotocols" },
        { Good + "Sec-WebSocket-Protocol: c\r\n", "'c'" },
        { Good + "Sec-WebSocket-Protocol: b\r\nSec-WebSocket-Extensions: permessage-deflate\r\n", "extension" },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_ToOurServer_ExchangesMessagesAndCloses(bool compressed)
    {
        await using ServerHost host = await ServerHost.StartAsync(
            async request =>
            {
                WebSocketConnection connection = await request.AcceptAsync("B");
                connection.OnMessage = message => connection.SendAsync(message.Type, message.Payload);
            },
            new WebSocketServerOptions { Compression = new WebSocketCompressionOptions { ClientContextTakeover = true, ServerContextTakeover = true } });
        var options = new WebSocketClientOptions { Subprotocols = { "a", "b" }, Compression = compressed ? new WebSocketCompressionOptions() : null };

        WebSocketClientConnection client = await WebSocketClient.ConnectAsync(ToWs(host.Address), options).Soon();
        byte[] message = [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i % 100))];
        client.Protocol.WriteMessage(WebSocketMessageType.Binary, message);
        client.Protocol.WriteMessage(WebSocketMessageType.Text, "second"u8);
        await client.Connection.Transport.Output.FlushAsync();

        Assert.Equal("b", client.Subprotocol);
        Assert.Equal(message, await ReadMessageAsync(client));
        Assert.Equal("second", Encoding.UTF8.GetString(await ReadMessageAsync(client)));
        Assert.Equal(compressed ? 1 : 0, host.Connections[0].Extensions.Count);
        client.Protocol.WriteClose(WebSocketCloseStatus.NormalClosure, "bye");
        WebSocketCloseInfo info = await WebSocketCloser.FinishAsync(client.Connection, client.Protocol, TimeSpan.FromSeconds(5), TimeProvider.System).AsTask().Soon();
        Assert.True(info.WasClean);
        Assert.Equal("bye", (await host.Connections[0].Completion.Soon()).Description);
    }

    [Fact]
    public async Task Connect_OverTls_ChecksTheCertificate()
    {
        await using EchoHost host = await EchoHost.StartAsync(tls: true);
        Uri address = new UriBuilder(host.Address) { Scheme = "wss" }.Uri;
        var trusting = new WebSocketClientOptions
        {
            Tls = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => EchoHost.Certificate.Equals(certificate) },
        };

        await Assert.ThrowsAsync<WebSocketHandshakeException>(() => WebSocketClient.ConnectAsync(address));
        WebSocketClientConnection client = await WebSocketClient.ConnectAsync(address, trusting).Soon();
        client.Protocol.WriteMessage(WebSocketMessageType.Text, "secure"u8);
        await client.Connection.Transport.Output.FlushAsync();

        Assert.Equal("secure", Encoding.UTF8.GetString(await ReadMessageAsync(client)));
        client.Connection.Abort();
    }

    [Theory, MemberData(nameof(BadAnswers))]
    public async Task Connect_AnswerThatBreaksARule_Throws(string answer, string word)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task server = AnswerAsync(listener, answer);
        var address = new Uri($"ws://{listener.LocalEndpoint}/");

        WebSocketHandshakeException exception = await Assert.ThrowsAsync<WebSocketHandshakeException>(
            () => WebSocketClient.ConnectAsync(address, new WebSocketClientOptions { Subprotocols = { "a", "b" } }).Soon());

        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Headers);
        await server.Soon();
    }

    [Fact]
    public async Task Connect_ServerThatStaysSilent_TimesOut()
    {
        var time = new ManualTimeProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new WebSocketClientOptions { TimeProvider = time };

        Task connect = WebSocketClient.ConnectAsync(new Uri($"ws://{listener.LocalEndpoint}/"), options);
        using Socket accepted = await listener.AcceptSocketAsync();
        time.Advance(TimeSpan.FromSeconds(45));

        await Assert.ThrowsAsync<TimeoutException>(() => connect.Soon());
    }

    [Fact]
    public async Task Connect_NobodyListens_Throws()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"ws://{listener.LocalEndpoint}/");
        listener.Stop();

        WebSocketHandshakeException exception = await Assert.ThrowsAsync<WebSocketHandshakeException>(() => WebSocketClient.ConnectAsync(address).Soon());

        Assert.Equal(0, exception.StatusCode);
    }

    [Theory]
    [InlineData("ftp://localhost/")]
    [InlineData("ws://localhost/#fragment")]
    [InlineData("/relative")]
    public async Task Connect_AddressThatIsNone_Throws(string address)
        => await Assert.ThrowsAsync<ArgumentException>(() => WebSocketClient.ConnectAsync(new Uri(address, UriKind.RelativeOrAbsolute)));

    [Fact]
    public async Task Connect_HeadersOriginAndCookies_ReachTheServer()
    {
        WebSocketRequest? seen = null;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            seen = request;
            _ = request.Cookies;
            await request.AcceptAsync();
        });
        var cookies = new CookieContainer();
        cookies.Add(host.Address, new Cookie("sid", "7"));
        var options = new WebSocketClientOptions { Origin = "https://o.example", Cookies = cookies, Headers = { ["X-Token"] = "t" } };

        WebSocketClientConnection client = await WebSocketClient.ConnectAsync(ToWs(host.Address), options).Soon();

        Assert.Equal("https://o.example", seen!.Origin);
        Assert.Equal("7", Assert.Single(seen.Cookies).Value);
        Assert.Equal("t", seen.HttpContext.Request.Headers["X-Token"].ToString());
        client.Connection.Abort();
    }

    private static Uri ToWs(Uri address) => new UriBuilder(address) { Scheme = "ws" }.Uri;

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
        string key = "";

        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            key = line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal) ? line[19..] : key;
        }

        string head = answer.Replace("{accept}", WebSocketHandshake.ComputeAccept(key), StringComparison.Ordinal) + "\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
    }

    private static async Task<byte[]> ReadMessageAsync(WebSocketClientConnection client)
    {
        PipeReader input = client.Connection.Transport.Input;

        while (true)
        {
            ReadResult result = await input.ReadAsync().AsTask().Soon();
            ReadOnlySequence<byte> buffer = result.Buffer;
            WebSocketEvent found = client.Protocol.Read(ref buffer);
            byte[] payload = found.Payload.ToArray();
            bool nothing = found.Type is WebSocketEventType.None;
            input.AdvanceTo(buffer.Start, nothing ? buffer.End : buffer.Start);

            if (!nothing)
            {
                return payload;
            }
        }
    }
}
