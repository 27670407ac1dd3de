using Jstp.Transport.WebSockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Jstp.Transport.Tests.WebSockets;

public sealed class WebSocketServerOptionsTests
{
    public static TheoryData<string, Action<WebSocketServerOptions>> Nonsense => new()
    {
        { nameof(WebSocketServerOptions.FragmentationThreshold), options => options.FragmentationThreshold = 0 },
        { nameof(WebSocketServerOptions.MaxReceivedFrameSize), options => options.MaxReceivedFrameSize = 0 },
        { nameof(WebSocketServerOptions.MaxReceivedMessageSize), options => options.MaxReceivedMessageSize = null },
        { nameof(WebSocketServerOptions.MaxReceivedMessageSize), options => options.MaxReceivedMessageSize = 1L << 40 },
        { nameof(WebSocketServerOptions.KeepAliveInterval), options => options.KeepAliveInterval = TimeSpan.Zero },
        { nameof(WebSocketServerOptions.KeepAliveGracePeriod), options => options.KeepAliveGracePeriod = TimeSpan.FromDays(60) },
        { nameof(WebSocketServerOptions.CloseTimeout), options => options.CloseTimeout = TimeSpan.FromSeconds(-2) },
        { nameof(WebSocketServerOptions.SendTimeout), options => options.SendTimeout = TimeSpan.Zero },
        { nameof(WebSocketServerOptions.MaxConnections), options => options.MaxConnections = 0 },
        { nameof(WebSocketServerOptions.AllowedOrigins), options => options.AllowedOrigins = ["example.org"] },
        { nameof(WebSocketServerOptions.AcceptText), options => (options.AcceptText, options.AcceptBinary) = (false, false) },
        { nameof(WebSocketServerOptions.SlowConsumerPolicy), options => options.SlowConsumerPolicy = (SlowConsumerPolicy)9 },
    };

    [Theory, MemberData(nameof(Nonsense))]
    public void Server_SettingThatMakesNoSense_IsNamedInTheException(string setting, Action<WebSocketServerOptions> configure)
    {
        var options = new WebSocketServerOptions();
        configure(options);

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => new WebSocketServer(options));

        Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_InfiniteTimes_AreAllowed()
    {
        var options = new WebSocketServerOptions
        {
            CloseTimeout = Timeout.InfiniteTimeSpan,
            SendTimeout = Timeout.InfiniteTimeSpan,
            DecisionTimeout = Timeout.InfiniteTimeSpan,
        };

        Assert.Null(Record.Exception(() => new WebSocketServer(options)));
    }

    [Fact]
    public void Options_BoundFromConfiguration_TakeItsValues()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MaxReceivedFrameSize"] = "1000",
            ["KeepAliveInterval"] = "00:00:05",
            ["AllowedOrigins:0"] = "https://a.example",
            ["SlowConsumerPolicy"] = "Close",
            ["Compression:Threshold"] = "10",
        }).Build();

        var options = configuration.Get<WebSocketServerOptions>()!;

        Assert.Equal(1000, options.MaxReceivedFrameSize);
        Assert.Equal(TimeSpan.FromSeconds(5), options.KeepAliveInterval);
        Assert.Equal(["https://a.example"], options.AllowedOrigins!);
        Assert.Equal(SlowConsumerPolicy.Close, options.SlowConsumerPolicy);
        Assert.Equal(10, options.Compression!.Threshold);
    }

    [Fact]
    public void Defaults_AreThoseOfTheSpecificationPage()
    {
        var options = new WebSocketServerOptions();

        Assert.Equal(65_536, options.MaxReceivedFrameSize);
        Assert.Equal(1_048_576, options.MaxReceivedMessageSize);
        Assert.Equal(16_384, options.FragmentationThreshold);
        Assert.Equal(16_384, options.MaxFragmentsPerMessage);
        Assert.Equal(TimeSpan.FromSeconds(20), options.KeepAliveInterval);
        Assert.Equal(TimeSpan.FromSeconds(10), options.KeepAliveGracePeriod);
        Assert.Equal(TimeSpan.FromSeconds(5), options.CloseTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.DecisionTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), options.SendTimeout);
        Assert.Equal(1024, options.MaxPendingRequests);
        Assert.Equal(64, options.MaxControlFramesPerSecond);
        Assert.True(options is { KeepAlive: true, DropOnKeepAliveTimeout: true, AssembleFragments: true, NoDelay: true, AllowVersion8: true });
        Assert.True(options is { AutoAccept: false, UseTcpKeepAlive: false, Compression: null, MaxConnections: null });
    }
}
