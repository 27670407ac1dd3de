using System.Net;
using System.Net.WebSockets;
using System.Text;
using Jstp.Actors.Hosting;
using Jstp.TestKit;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Jstp.Host.Tests;

public sealed class MapJstpTests
{
    // With and without the takeover of the transport, which UseJstpSockets installs.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MapJstp_ServiceInConstructor_IsSuppliedAndAnswers(bool usesJstpSockets)
    {
        await using WebApplication app = await StartAsync(usesJstpSockets, options => options.AddApplication(
            "shop", "1.0.0", shop => shop.AddInterface<GreeterInterface>()));
        using ClientWebSocket client = new();
        client.Options.AddSubProtocol("metarhia-jstp");
        await client.ConnectAsync(WebSocketUrl(app, "/jstp"), CancellationToken.None).WithinLimitAsync("the connection");

        string handshake = await AskAsync(client, "{handshake:[0,'shop']}");
        string answer = await AskAsync(client, "{call:[1,'greeter'],greet:['Ann']}");

        Assert.StartsWith("{handshake:[0],ok:'", handshake, StringComparison.Ordinal);
        Assert.Equal("{callback:[1],ok:['Good day, Ann']}", answer);
    }

    [Fact]
    public async Task MapJstp_OtherPathsAndPlainHttp_StayWithTheHost()
    {
        await using WebApplication app = await StartAsync(usesJstpSockets: true, options => options.AddApplication(
            "shop", "1.0.0", shop => shop.AddInterface<GreeterInterface>()));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        string page = await http.GetStringAsync("/page");
        using HttpResponseMessage plain = await http.GetAsync("/jstp");

        Assert.Equal("a page", page);
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("https://shop.example", true)]
    public async Task MapJstp_AllowedOrigins_RefusesOthersWith403(string origin, bool isAllowed)
    {
        await using WebApplication app = await StartAsync(usesJstpSockets: true, options =>
        {
            options.AllowedOrigins = ["https://shop.example"];
            options.AddApplication("shop", "1.0.0", shop => shop.AddInterface<GreeterInterface>());
        });
        using ClientWebSocket client = new();
        client.Options.AddSubProtocol("metarhia-jstp");
        client.Options.SetRequestHeader("Origin", origin);
        client.Options.CollectHttpResponseDetails = true;

        Exception? refusal = await Record.ExceptionAsync(() => client.ConnectAsync(WebSocketUrl(app, "/jstp"), CancellationToken.None));

        Assert.Equal(isAllowed ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, client.HttpStatusCode);
        Assert.Equal(isAllowed, refusal is null);
    }

    [Fact]
    public async Task AddJstp_SettingThatCannotWork_StopsTheStartAndNamesTheKey()
    {
        OptionsValidationException refusal = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(usesJstpSockets: true, options => options.MaxDepth = 0));

        Assert.Contains("Jstp:MaxDepth", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(bool usesJstpSockets, Action<JstpServerOptions> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new Greeting("Good day"));
        builder.Services.AddJstp(configure);

        if (usesJstpSockets)
        {
            builder.WebHost.UseJstpSockets();
        }

        WebApplication app = builder.Build();
        app.MapJstp("/jstp");
        app.MapGet("/page", () => "a page");
        await app.StartAsync();

        return app;
    }

    private static Uri WebSocketUrl(WebApplication app, string path) =>
        new(app.Urls.First().Replace("http://", "ws://", StringComparison.Ordinal) + path);

    private static async Task<string> AskAsync(ClientWebSocket client, string text)
    {
        await client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        byte[] buffer = new byte[1024];
        WebSocketReceiveResult result = await client.ReceiveAsync(buffer, CancellationToken.None).WithinLimitAsync("an answer");

        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    public sealed record Greeting(string Words);

    public sealed class GreeterInterface(Greeting greeting)
    {
        public string Greet(string name) => $"{greeting.Words}, {name}";
    }
}
