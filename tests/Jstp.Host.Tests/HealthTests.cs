using System.Net;
using Jstp.Actors.Hosting;
using Jstp.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Jstp.Host.Tests;

public sealed class HealthTests : IDisposable
{
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Health_NodeThatServes_IsLiveAndReady()
    {
        await using WebApplication node = await StartAsync();

        (HttpStatusCode, string) live = await GetAsync(node, "/health/live");
        (HttpStatusCode, string) ready = await GetAsync(node, "/health/ready");
        using HttpResponseMessage head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, node.Urls.First() + "/health/ready"));

        Assert.Equal((HttpStatusCode.OK, "live"), live);
        Assert.Equal((HttpStatusCode.OK, "ready"), ready);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task Health_NodeThatDrains_IsLiveButNotReady()
    {
        await using WebApplication node = await StartAsync();

        await node.Services.GetRequiredService<JstpServer>().DrainAsync().WithinLimitAsync("the drain");

        Assert.Equal((HttpStatusCode.OK, "live"), await GetAsync(node, "/health/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), await GetAsync(node, "/health/ready"));
    }

    private static async Task<WebApplication> StartAsync()
    {
        WebApplication node = NodeBuilder.Build(["--urls", "http://127.0.0.1:0", "--Jstp:Store=memory", "--Logging:LogLevel:Default=None"]);
        await node.StartAsync();

        return node;
    }

    private async Task<(HttpStatusCode, string)> GetAsync(WebApplication node, string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(node.Urls.First() + path);

        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
