using System.Net;
using System.Text;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Net.Http.Headers;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Deciding about requests (specification page, section 3; scenarios 1 and 10 of section 15).</summary>
public sealed class WebSocketRequestTests
{
    [Fact]
    public async Task Request_NobodyDecides_Gets503AtTheTimeout()
    {
        var time = new ManualTimeProvider();
        WebSocketRequest? pending = null;
        await using ServerHost host = await ServerHost.StartAsync(
            request =>
            {
                pending = request;
                return default;
            },
            time: time);
        Task<string> answer = GetAnswerAsync(host);
        await Eventually.TrueAsync(() => host.Server.PendingRequestCount == 1 && time.ArmedCount > 0, "the request");

        time.Advance(TimeSpan.FromSeconds(10));

        Assert.StartsWith("HTTP/1.1 503 ", await answer, StringComparison.Ordinal);
        Assert.False(await pending!.TryRejectAsync(403));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pending.AcceptAsync());
        await Eventually.TrueAsync(() => host.Server.PendingRequestCount == 0, "nothing pending");
    }

    [Fact]
    public async Task Request_AcceptedLater_ReadsFromTheFirstMessage()
    {
        var requests = new TaskCompletionSource<WebSocketRequest>();
        await using ServerHost host = await ServerHost.StartAsync(request =>
        {
            requests.SetResult(request);
            return default;
        });
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);
        await peer.SendAsync(Encoding.ASCII.GetBytes(RawPeer.Handshake()), Frames.Masked(Opcode.Text, "early"));

        WebSocketRequest request = await requests.Task.Soon();
        await ServerHost.EchoAsync(request);
        await peer.ReadHeadAsync();

        Assert.Equal("early", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task Request_ClientLeavesWhilePending_AcceptThrowsAndNothingIsRaised()
    {
        var requests = new TaskCompletionSource<WebSocketRequest>();
        await using ServerHost host = await ServerHost.StartAsync(request =>
        {
            requests.SetResult(request);
            return default;
        });
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);
        await peer.SendAsync(RawPeer.Handshake());
        WebSocketRequest request = await requests.Task.Soon();

        peer.Reset();
        await Eventually.TrueAsync(() => host.Server.PendingRequestCount == 0, "nothing pending");

        await Assert.ThrowsAnyAsync<Exception>(() => request.AcceptAsync());
        Assert.Empty(host.Connections);
        Assert.Equal(0, host.Server.ConnectionCount);
    }

    [Theory]
    [InlineData("https://good.example", 101)]
    [InlineData("HTTPS://GOOD.example", 101)]
    [InlineData("https://bad.example", 403)]
    [InlineData(null, 101)]
    public async Task Origin_AllowList_RefusesOthers(string? origin, int status)
    {
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions { AllowedOrigins = ["https://good.example"] });

        string head = await GetAnswerAsync(host, origin is null ? [] : [$"Origin: {origin}"]);

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Origin_Check_SeesNullWhenAbsent()
    {
        var seen = new List<string?>();
        await using ServerHost host = await ServerHost.StartAsync(options: new WebSocketServerOptions
        {
            OriginCheck = origin =>
            {
                seen.Add(origin);
                return origin is not null;
            },
        });

        Assert.StartsWith("HTTP/1.1 403 ", await GetAnswerAsync(host), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 101 ", await GetAnswerAsync(host, "Origin: null"), StringComparison.Ordinal);
        Assert.Equal([null, "null"], seen);
    }

    [Fact]
    public async Task AutoAccept_FirstSubprotocolAndOrigin_AreEchoed()
    {
        await using ServerHost host = await ServerHost.StartAsync(
            _ => throw new InvalidOperationException("must not be asked"),
            new WebSocketServerOptions { AutoAccept = true });

        string head = await GetAnswerAsync(host, "Sec-WebSocket-Protocol: One, two", "Origin: https://a.example");

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Protocol: One\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nOrigin: https://a.example\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accept_WithCookiesAndHeaders_SendsThem()
    {
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            await request.AcceptAsync(
                "TWO",
                cookies: [new SetCookieHeaderValue("sid", "1") { HttpOnly = true, Path = "/" }],
                headers: new HeaderDictionary { ["X-Served-By"] = "me" });
        });

        string head = await GetAnswerAsync(host, "Sec-WebSocket-Protocol: one, Two");

        Assert.Contains("\r\nSec-WebSocket-Protocol: Two\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nSet-Cookie: sid=1; path=/; httponly\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Served-By: me\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accept_SubprotocolNotAskedFor_Answers500AndThrows()
    {
        Exception? thrown = null;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            thrown = await Record.ExceptionAsync(() => request.AcceptAsync("other"));
            await Assert.ThrowsAsync<InvalidOperationException>(() => request.AcceptAsync());
        });

        string head = await GetAnswerAsync(host, "Sec-WebSocket-Protocol: one");

        Assert.StartsWith("HTTP/1.1 500 ", head, StringComparison.Ordinal);
        Assert.IsType<ArgumentException>(thrown);
    }

    [Fact]
    public async Task Accept_WithoutTheSubprotocolThatWasAskedFor_IsWarnedOfOnce()
    {
        using var log = new WarningLog();
        await using var server = new WebSocketServer(loggerFactory: log) { OnRequest = ServerHost.EchoAsync };
        await using ServerHost host = await ServerHost.StartAsync(server: server);

        foreach (string protocol in (string[])["chat", "chat"])
        {
            using RawPeer peer = await RawPeer.ConnectAsync(host.Address);
            await peer.SendAsync(RawPeer.Handshake("/", $"Sec-WebSocket-Protocol: {protocol}"));
            Assert.DoesNotContain("Sec-WebSocket-Protocol", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        }

        Assert.Contains("chat", Assert.Single(log.WithId(3015)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reject_WithEverything_SendsItAndEndsTheConnection()
    {
        await using ServerHost host = await ServerHost.StartAsync(
            async request => await request.RejectAsync(401, "who are you", new HeaderDictionary { ["WWW-Authenticate"] = "Basic" }, "no"u8.ToArray()));
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);

        await peer.SendAsync(RawPeer.Handshake());
        string head = await peer.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 401 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-WebSocket-Reject-Reason: who are you\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nWWW-Authenticate: Basic\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", head, StringComparison.Ordinal);
        Assert.Equal("no", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
    }

    [Fact]
    public async Task Request_Fields_ShowWhatTheClientSent()
    {
        WebSocketRequest? seen = null;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
        {
            seen = request;
            _ = (request.Cookies, request.Query, request.Host, request.RemoteAddress);
            await request.AcceptAsync();
        });

        await GetAnswerAsync(host, "Cookie: a=1; b=\"x%20y\"; c; a=%zz", "Sec-WebSocket-Extensions: Foo; bar=\"1\"; Baz", "Origin: https://o.example");

        Assert.Equal("/some/path?q=1&q=2&r", seen!.Resource);
        Assert.Equal("https://o.example", seen.Origin);
        Assert.Equal(13, seen.WebSocketVersion);
        Assert.Equal(
            [new("a", "1", "1"), new("b", "x y", "\"x%20y\""), new("c", null, null), new("a", "%zz", "%zz")],
            seen.Cookies);
        WebSocketExtensionOffer offer = Assert.Single(seen.RequestedExtensions);
        Assert.Equal("foo", offer.Name);
        Assert.Equal([new("bar", "1"), new("baz", null)], offer.Parameters);
    }

    [Theory]
    [InlineData("/ a", null)]
    [InlineData("/;b", null)]
    [InlineData(null, "a;b")]
    [InlineData(null, "a\tb")]
    public async Task Accept_CookieWithAnAttributeThatCannotBe_Answers500AndThrows(string? path, string? domain)
    {
        Exception? thrown = null;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
            thrown = await Record.ExceptionAsync(() => request.AcceptAsync(cookies: [new SetCookieHeaderValue("sid", "1") { Path = path, Domain = domain }])));

        string head = await GetAnswerAsync(host);

        Assert.StartsWith("HTTP/1.1 500 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", head, StringComparison.Ordinal);
        Assert.IsType<ArgumentException>(thrown);
    }

    [Fact]
    public async Task Accept_CookieSetTwiceOrWithNegativeAge_Answers500AndAgeOfZeroIsSent()
    {
        SetCookieHeaderValue[] cookies = [];
        await using ServerHost host = await ServerHost.StartAsync(async request => await request.AcceptAsync(cookies: cookies));

        cookies = [new SetCookieHeaderValue("sid", "1"), new SetCookieHeaderValue("sid", "2")];
        Assert.StartsWith("HTTP/1.1 500 ", await GetAnswerAsync(host), StringComparison.Ordinal);
        cookies = [new SetCookieHeaderValue("sid", "1") { MaxAge = TimeSpan.FromSeconds(-1) }];
        Assert.StartsWith("HTTP/1.1 500 ", await GetAnswerAsync(host), StringComparison.Ordinal);
        cookies = [new SetCookieHeaderValue("sid", "1") { MaxAge = TimeSpan.Zero }];
        Assert.Contains("\r\nSet-Cookie: sid=1; max-age=0\r\n", await GetAnswerAsync(host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line\r\nX-Injected: 1", "fine")]
    [InlineData("fine", "line\r\nX-Injected: 1")]
    public async Task Reject_ReasonOrHeaderWithALineBreak_AnswersTheStatusWithoutThemAndThrows(string reason, string header)
    {
        Exception? thrown = null;
        await using ServerHost host = await ServerHost.StartAsync(async request =>
            thrown = await Record.ExceptionAsync(() => request.RejectAsync(401, reason, new HeaderDictionary { ["X-Mine"] = header })));

        string head = await GetAnswerAsync(host);

        Assert.StartsWith("HTTP/1.1 401 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Injected", head, StringComparison.Ordinal);
        Assert.IsType<ArgumentException>(thrown);
    }

    [Theory]
    [InlineData(false, false, "127.0.0.1")]
    [InlineData(true, false, "127.0.0.1")]
    [InlineData(true, true, "10.1.2.3 127.0.0.1")]
    public async Task RemoteAddresses_ForwardedByAProxy_AreBelievedOnlyOfOneThatIsConfigured(bool forwarded, bool configured, string expected)
    {
        WebSocketRequest? seen = null;
        string[] ofRequest = [];
        await using ServerHost host = await ServerHost.StartAsync(
            request =>
            {
                seen = request;
                ofRequest = [request.RemoteAddress!.ToString(), .. request.RemoteAddresses.Select(address => address.ToString())];
                return ServerHost.EchoAsync(request);
            },
            configure: app =>
            {
                if (forwarded)
                {
                    var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
                    options.KnownProxies.Clear();
                    options.KnownIPNetworks.Clear();
                    options.KnownProxies.Add(configured ? IPAddress.Loopback : IPAddress.Parse("192.0.2.1"));
                    app.UseForwardedHeaders(options);
                }
            });

        await GetAnswerAsync(host, "X-Forwarded-For: 10.9.9.9, 10.1.2.3");

        string[] addresses = expected.Split(' ');
        Assert.Equal([addresses[0], .. addresses], ofRequest);
        await Eventually.TrueAsync(() => host.Connections.Count == 1, "the connection");
        WebSocketConnection connection = host.Connections[0];
        Assert.Equal(addresses, connection.RemoteAddresses.Select(address => address.ToString()));
        Assert.Equal(addresses[0], connection.RemoteAddress!.ToString());
    }

    private static async Task<string> GetAnswerAsync(ServerHost host, params string[] headers)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(host.Address);
        await peer.SendAsync(RawPeer.Handshake("/some/path?q=1&q=2&r", headers));
        return await peer.ReadHeadAsync();
    }
}
