using System.IO.Compression;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Threading.RateLimiting;
using Jstp.Actors.Applications;
using Jstp.Actors.Hosting;
using Jstp.TestKit;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Jstp.Actors.Tests.Hosting;

/// <summary><c>MapJstp</c> in a host, with those WebSocket settings that are free.</summary>
public sealed class WebSocketEndpointTests
{
    private static readonly JstpApplication Application = JstpApplication.Create(
        "app", "1.0.0", static app => app.AddInterface("text", static text => text.Method("repeat", static (string part, int count) => string.Concat(Enumerable.Repeat(part, count)))));

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    public async Task Compression_ClientOffersIt_BothWaysCompressed(bool outlivesRequest, bool keepRequest, bool takeover)
    {
        var compression = new WebSocketCompressionOptions { ServerContextTakeover = takeover, ClientContextTakeover = takeover };
        await using WebApplication host = await StartAsync(
            outlivesRequest, options => (options.WebSocket.Compression, options.WebSocket.KeepRequest) = (compression, keepRequest));
        using var client = new ClientWebSocket();
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();

        await ConnectAsync(client, host);

        Assert.Equal(
            takeover ? "permessage-deflate" : "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            Assert.Single(client.HttpResponseHeaders!["Sec-WebSocket-Extensions"]));
        Assert.StartsWith("{handshake:[0],ok:'", await AskAsync(client, "{handshake:[0,'app']}"), StringComparison.Ordinal);

        for (int id = 1; id <= 3; id++)
        {
            string part = new('x', 3000); // so that the call is compressed, too
            string expected = string.Concat(Enumerable.Repeat(part, 20));
            Assert.Equal($"{{callback:[{id}],ok:['{expected}']}}", await AskAsync(client, $"{{call:[{id},'text'],repeat:['{part}',20]}}"));
        }
    }

    [Fact]
    public async Task Compression_ClientDoesNotOfferItOrServerDoesNotWantIt_IsNotAnswered()
    {
        await using WebApplication wanting = await StartAsync(true, static options => options.WebSocket.Compression = new WebSocketCompressionOptions());
        await using WebApplication unwilling = await StartAsync(true, static _ => { });
        using var plain = new ClientWebSocket();
        using var offering = new ClientWebSocket();
        offering.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();

        await ConnectAsync(plain, wanting);
        await ConnectAsync(offering, unwilling);

        foreach (ClientWebSocket client in (ClientWebSocket[])[plain, offering])
        {
            Assert.DoesNotContain("Sec-WebSocket-Extensions", client.HttpResponseHeaders!.Keys);
            await AskAsync(client, "{handshake:[0,'app']}");
            Assert.Equal($"{{callback:[1],ok:['{new string('x', 5000)}']}}", await AskAsync(client, "{call:[1,'text'],repeat:['x',5000]}"));
        }
    }

    [Fact]
    public async Task Compression_InflatesBeyondTheLimit_EndsWith1009()
    {
        await using WebApplication host = await StartAsync(true, static options =>
        {
            options.MaxMessageSize = 64 * 1024;
            options.WebSocket.Compression = new WebSocketCompressionOptions();
        });
        using var client = new ClientWebSocket();
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await ConnectAsync(client, host);

        Assert.Equal("", await AskAsync(client, new string(' ', 1024 * 1024)));
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.CloseStatus);
    }

    [Fact]
    public async Task KeepRequest_WithAConcurrencyLimiter_LimitsConnections()
    {
        await using WebApplication host = await StartAsync(true, static options => options.WebSocket.KeepRequest = true, concurrency: 1);
        using var first = new ClientWebSocket();
        using var second = new ClientWebSocket();
        await ConnectAsync(first, host);

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(second, host));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.HttpStatusCode);
        await first.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WithinLimitAsync("the close");
    }

    [Theory]
    [InlineData(null, true, HttpStatusCode.SwitchingProtocols)]
    [InlineData("*", false, HttpStatusCode.SwitchingProtocols)]
    [InlineData("https://example.org", false, HttpStatusCode.Forbidden)]
    public async Task AllowedOrigins_OpenToAny_IsWarnedOfUnlessItIsMeant(string? origin, bool isWarned, HttpStatusCode status)
    {
        using var log = new LogCollector();
        var options = new JstpServerOptions { AllowedOrigins = origin is null ? null : [origin] };
        await using var server = new JstpServer(options.AddApplication(Application), loggerFactory: log);
        await using JstpListener listener = Ws.CreateServer(server);
        IPEndPoint endPoint = await listener.ListenAsync(0, IPAddress.Loopback);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("metarhia-jstp");
        client.Options.CollectHttpResponseDetails = true;
        client.Options.SetRequestHeader("Origin", "https://elsewhere.example");

        await Record.ExceptionAsync(() => client.ConnectAsync(new Uri($"ws://{endPoint}/"), CancellationToken.None).WithinLimitAsync("the answer"));

        Assert.Equal(status, client.HttpStatusCode);
        Assert.Equal(isWarned ? 1 : 0, log.WithId(2304).Count);
    }

    [Fact]
    public async Task PlainHttpStatus_Configured_IsWhatPlainRequestsGet()
    {
        await using WebApplication host = await StartAsync(true, static options => options.PlainHttpStatus = 426);
        using var http = new HttpClient();

        using HttpResponseMessage answer = await http.GetAsync(new Uri(host.Urls.Single()));

        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("Compression", "true", 1024)]
    [InlineData("Compression", "True", 1024)]
    [InlineData("Compression", "false", null)]
    [InlineData("Compression:Threshold", "200", 200)]
    public void Compression_FromConfiguration_IsOneWordOrItsSettings(string key, string value, int? threshold)
    {
        var options = new JstpServerOptions();

        Configuration(key, value).Bind(options);

        Assert.Equal(threshold, options.WebSocket.Compression?.Threshold);
        Assert.True(new JstpServerOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Compression_ConfiguredWrongly_IsRefusedWithItsKey()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Configuration("Compression", "yes").Bind(new JstpServerOptions()));
        Assert.Contains("Jstp:WebSocket:Compression", error.Message, StringComparison.Ordinal);

        var options = new JstpServerOptions { WebSocket = { Compression = new WebSocketCompressionOptions { Threshold = -1, Level = (CompressionLevel)9 } } };
        ValidateOptionsResult result = new JstpServerOptionsValidator().Validate(null, options);
        Assert.Collection(
            result.Failures!,
            static failure => Assert.StartsWith("Jstp:WebSocket:Compression:Threshold ", failure, StringComparison.Ordinal),
            static failure => Assert.StartsWith("Jstp:WebSocket:Compression:Level ", failure, StringComparison.Ordinal));
    }

    private static IConfigurationSection Configuration(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new($"Jstp:WebSocket:{key}", value)]).Build().GetSection("Jstp");

    private static async Task<WebApplication> StartAsync(bool outlivesRequest, Action<JstpServerOptions> configure, int? concurrency = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddJstp(options => configure(options.AddApplication(Application)));
        builder.Services.AddRateLimiter(limiter => limiter.AddPolicy("connections", _ => concurrency is { } limit
            ? RateLimitPartition.GetConcurrencyLimiter(0, _ => new ConcurrencyLimiterOptions { PermitLimit = limit })
            : RateLimitPartition.GetNoLimiter(0)));

        if (outlivesRequest)
        {
            builder.WebHost.UseJstpSockets(inlineCompletions: false);
        }

        WebApplication host = builder.Build();
        host.UseRateLimiter();
        host.MapJstp("/{**path}").RequireRateLimiting("connections");
        await host.StartAsync();

        return host;
    }

    private static Task ConnectAsync(ClientWebSocket client, WebApplication host)
    {
        client.Options.AddSubProtocol("metarhia-jstp");
        client.Options.CollectHttpResponseDetails = true;

        return client.ConnectAsync(new Uri(host.Urls.Single().Replace("http", "ws", StringComparison.Ordinal)), CancellationToken.None).WithinLimitAsync("the upgrade");
    }

    private static async Task<string> AskAsync(ClientWebSocket client, string text)
    {
        await client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None).WithinLimitAsync("the send");
        using var answer = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;

        do
        {
            part = await client.ReceiveAsync(buffer, CancellationToken.None).WithinLimitAsync("a message");
            answer.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }
}
