namespace Jstp.Transport.Tests.WebSockets;

/// <summary>The opening handshake over a socket (specification page, section 2; scenario 1 of section 15).</summary>
public sealed class WebSocketHandshakeTests(WebSocketHandshakeTests.Host fixture) : IClassFixture<WebSocketHandshakeTests.Host>
{
    private const string Upgrade = "Upgrade: websocket";
    private const string Connection = "Connection: Upgrade";
    private const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    private const string Version = "Sec-WebSocket-Version: 13";

    /// <summary>Request line, headers, status.</summary>
    public static TheoryData<string, string[], int> Refused => new()
    {
        { "GET / HTTP/1.1", [Upgrade, Connection, Version], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Version, "Sec-WebSocket-Key: x"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Version, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Version, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZW=="], 101 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Version, Key, Key], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, "Sec-WebSocket-Version: 13abc"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, "Sec-WebSocket-Version: +13"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, Version], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, "Sec-WebSocket-Version: 99999999999"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, "Sec-WebSocket-Version: 12"], 426 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, "Sec-WebSocket-Version: 8"], 101 },
        { "GET / HTTP/1.1", [Upgrade, "Connection: keep-alive", Key, Version], 400 },
        { "GET / HTTP/1.1", [Upgrade, "Connection: keep-alive, Upgrade", Key, Version], 101 },
        { "GET / HTTP/1.1", ["Upgrade: h2c, WebSocket", Connection, Key, Version], 101 },
        { "GET / HTTP/1.1", ["Upgrade: h2c", Connection, Key, Version], 404 },
        { "GET / HTTP/1.1", [Connection, Key, Version], 404 },
        { "GET / HTTP/1.0", [Upgrade, Connection, Key, Version], 400 },
        { "POST / HTTP/1.1", [Upgrade, Connection, Key, Version, "Content-Length: 0"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, "Sec-WebSocket-Protocol: a b"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, "Sec-WebSocket-Protocol: a, a"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, "Sec-WebSocket-Protocol: "], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, "Sec-WebSocket-Protocol: a, (b)"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, "Sec-WebSocket-Extensions: x; =1"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, "Sec-WebSocket-Extensions: x; a=\"b c\""], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, "Sec-WebSocket-Extensions: x y"], 400 },
        { "GET / HTTP/1.1", [Upgrade, Connection, Key, Version, "Sec-WebSocket-Extensions: x; a=\"b\", y;c"], 101 },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task Handshake_OfEveryKind_GetsItsStatus(string requestLine, string[] headers, int status)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(fixture.Address);

        await peer.SendAsync($"{requestLine}\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");
        string head = await peer.ReadHeadAsync();

        Assert.Equal(status, int.Parse(head.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

        if (status is 400 or 426)
        {
            Assert.Contains("X-WebSocket-Reject-Reason: ", head, StringComparison.Ordinal);
            string body = status is 426 ? "Upgrade Required" : "";
            Assert.Contains($"\r\nContent-Length: {body.Length}\r\n", head, StringComparison.Ordinal);
            Assert.Equal(body, System.Text.Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
        }
    }

    [Fact]
    public async Task Handshake_WrongVersion_IsToldTheRightOnes()
    {
        using RawPeer peer = await RawPeer.ConnectAsync(fixture.Address);

        await peer.SendAsync(RawPeer.Handshake().Replace("Version: 13", "Version: 7", StringComparison.Ordinal));
        string head = await peer.ReadHeadAsync();

        Assert.Contains("\r\nUpgrade: websocket\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Version: 13, 8\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_Sound_AnswersAsTheRfcsExample()
    {
        using RawPeer peer = await RawPeer.ConnectAsync(fixture.Address);

        await peer.SendAsync(RawPeer.Handshake());
        string head = await peer.ReadHeadAsync();

        Assert.Contains("\r\nUpgrade: websocket\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: Upgrade\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_SubprotocolInAnySpelling_IsAnsweredInTheClients()
    {
        using RawPeer peer = await RawPeer.ConnectAsync(fixture.Address);

        await peer.SendAsync(RawPeer.Handshake("/", "Sec-WebSocket-Protocol: other , Metarhia-JSTP"));
        string head = await peer.ReadHeadAsync();

        Assert.Contains("\r\nSec-WebSocket-Protocol: Metarhia-JSTP\r\n", head, StringComparison.Ordinal);
    }

    public sealed class Host : IAsyncLifetime
    {
        private EchoHost? _host;

        public Uri Address => _host!.Address;

        public async Task InitializeAsync() => _host = await EchoHost.StartAsync();

        public async Task DisposeAsync() => await _host!.DisposeAsync();
    }
}
