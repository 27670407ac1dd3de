using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Servers among a host's services, with settings from the configuration (specification page, 8.1).</summary>
public sealed class WebSocketServiceTests
{
    [Fact]
    public async Task AddWebSocketServer_SettingsInTheConfiguration_AreBound()
    {
        await using WebApplication app = Build(
            new()
            {
                ["Chat:MaxReceivedFrameSize"] = "1234",
                ["Chat:MaxReceivedMessageSize"] = "5678",
                ["Chat:KeepAliveInterval"] = "00:00:07",
                ["Chat:AllowedOrigins:0"] = "https://example.org",
                ["Chat:SlowConsumerPolicy"] = "Drop",
                ["Chat:Compression:ServerContextTakeover"] = "true",
                ["Chat:Compression:Level"] = "Optimal",
            },
            services => services.AddWebSocketServer("chat").BindConfiguration("Chat"));

        WebSocketServerOptions options = app.Services.GetRequiredKeyedService<WebSocketServer>("chat").Options;

        Assert.Equal(1234, options.MaxReceivedFrameSize);
        Assert.Equal(5678, options.MaxReceivedMessageSize);
        Assert.Equal(TimeSpan.FromSeconds(7), options.KeepAliveInterval);
        Assert.Equal(["https://example.org"], options.AllowedOrigins);
        Assert.Equal(SlowConsumerPolicy.Drop, options.SlowConsumerPolicy);
        Assert.True(options.Compression!.ServerContextTakeover);
        Assert.Equal(System.IO.Compression.CompressionLevel.Optimal, options.Compression.Level);
    }

    [Fact]
    public async Task AddWebSocketServer_SettingsThatMakeNoSense_StopTheStartNamingTheKeys()
    {
        await using WebApplication app = Build(
            new() { ["Chat:FragmentationThreshold"] = "0", ["Chat:CloseTimeout"] = "00:00:00" },
            services => services.AddWebSocketServer("chat").BindConfiguration("Chat"));

        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains("FragmentationThreshold", failure.Message, StringComparison.Ordinal);
        Assert.Contains("CloseTimeout", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddWebSocketServer_Unnamed_IsAServiceOfItsOwn()
    {
        await using WebApplication app = Build([], services => services.AddWebSocketServer(configure: options => options.MaxConnections = 3));

        Assert.Equal(3, app.Services.GetRequiredService<WebSocketServer>().Options.MaxConnections);
    }

    [Fact]
    public async Task MapWebSocketServer_ByName_ServesAndTakesChangedSettingsForNewConnections()
    {
        await using WebApplication app = Build(
            new() { ["Chat:MaxReceivedFrameSize"] = "10" },
            services => services.AddWebSocketServer("chat").BindConfiguration("Chat"));
        app.MapWebSocketServer("/chat", "chat", ServerHost.EchoAsync);
        app.MapWebSocketServer("/also", "chat", ServerHost.EchoAsync);
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        using RawPeer before = await RawPeer.UpgradeAsync(address, "/chat");

        app.Configuration["Chat:MaxReceivedFrameSize"] = "20";
        ((IConfigurationRoot)app.Configuration).Reload();
        using RawPeer after = await RawPeer.UpgradeAsync(address, "/also");

        await before.SendAsync(Frames.Masked(Opcode.Text, "eleven byte"));
        Assert.Equal(1009, await before.ReadCloseAsync());
        await after.SendAsync(Frames.Masked(Opcode.Text, "eleven byte"));
        Assert.Equal("eleven byte", await after.ReadTextAsync());
        await app.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task MapWebSocketServer_ByNameWithAnotherHandler_Throws()
    {
        await using WebApplication app = Build([], services => services.AddWebSocketServer("chat"));
        app.MapWebSocketServer("/chat", "chat", ServerHost.EchoAsync);

        Assert.Throws<InvalidOperationException>(() => app.MapWebSocketServer("/other", "chat", _ => default));
        Assert.Throws<InvalidOperationException>(() => app.MapWebSocketServer("/other", "nobody", _ => default));
    }

    private static WebApplication Build(Dictionary<string, string?> settings, Action<IServiceCollection> register)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        register(builder.Services);
        return builder.Build();
    }
}
