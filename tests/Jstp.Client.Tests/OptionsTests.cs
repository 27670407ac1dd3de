using Microsoft.Extensions.Options;

namespace Jstp.Client.Tests;

public sealed class OptionsTests
{
    public static TheoryData<string, Action<JstpClientOptions>> Unusable => new()
    {
        { nameof(JstpClientOptions.ConnectPolicy), static options => options.ConnectPolicy = null! },
        { nameof(JstpClientOptions.Serializer), static options => options.Serializer = null! },
        { nameof(JstpClientOptions.ConnectTimeout), static options => options.ConnectTimeout = TimeSpan.Zero },
        { nameof(JstpClientOptions.HeartbeatInterval), static options => options.HeartbeatInterval = TimeSpan.FromDays(100) },
        { nameof(JstpClientOptions.KeepAliveGracePeriod), static options => options.KeepAliveGracePeriod = TimeSpan.FromSeconds(-1) },
        { nameof(JstpClientOptions.MaxMessageSize), static options => options.MaxMessageSize = 10 },
        { nameof(JstpClientOptions.MaxPendingCalls), static options => options.MaxPendingCalls = 0 },
        { nameof(JstpClientOptions.MaxUnacknowledgedMessages), static options => options.MaxUnacknowledgedMessages = 256 },
        { nameof(JstpClientOptions.MaxUnacknowledgedBytes), static options => options.MaxUnacknowledgedBytes = 1024 },
        { nameof(JstpClientOptions.OnRefusedSession), static options => options.OnRefusedSession = (RefusedSessionAction)99 },
    };

    [Theory]
    [MemberData(nameof(Unusable), DisableDiscoveryEnumeration = true)]
    public async Task Connect_UnusableOption_ThrowsWithItsKey(string key, Action<JstpClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new JstpClientOptions();
        configure(options);

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => JstpClient.ConnectAsync("app", options, "tcp://127.0.0.1:1"));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat", "chat", null)]
    [InlineData("chat@^1.0.0", "chat", "^1.0.0")]
    [InlineData("a@b@1.x", "a@b", "1.x")]
    [InlineData("chat@", "chat", null)]
    public void Parse_Application_SplitsAtTheLastAt(string text, string name, string? version)
    {
        JstpApplicationName application = text;

        Assert.Equal((name, version), (application.Name, application.Version));
    }

    [Theory]
    [InlineData("")]
    [InlineData("@1.0.0")]
    [InlineData("chat@latest")]
    public void Parse_NoApplication_Throws(string text) => Assert.Throws<ArgumentException>(() => JstpApplicationName.Parse(text));
}
