namespace Jstp.LoadGenerator.Tests;

public sealed class LoadOptionsTests
{
    [Fact]
    public void Parse_UrlOnly_HasDefaults()
    {
        LoadOptions options = LoadOptions.Parse(["load", "--url", "ws://127.0.0.1:3000/"]);

        Assert.Equal(("jstp", 100, 16, 16), (options.Protocol, options.Connections, options.Outstanding, options.PayloadLength));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)), (options.Warmup, options.Duration));
    }

    [Fact]
    public void Parse_Idle_OpensTenThousand() =>
        Assert.Equal(10_000, LoadOptions.Parse(["idle", "--url", "ws://127.0.0.1:3000/"]).Connections);

    [Theory]
    [InlineData("", "Unknown command")]
    [InlineData("run", "Unknown command")]
    [InlineData("load", "--url is missing")]
    [InlineData("load --url", "--url needs a value")]
    [InlineData("load --protocol xml", "Not understood: --protocol xml")]
    [InlineData("load --payload 8193", "from 0 to 8192, not 8193")]
    [InlineData("load --outstanding 0", "from 1 to 4096, not 0")]
    [InlineData("load --app it's", "Not understood: --app it's")]
    [InlineData("load --method echo", "Not understood: --method echo")]
    [InlineData("load --method echo.2", "Not understood: --method echo.2")]
    [InlineData("load --seconds -1", "--seconds takes seconds")]
    [InlineData("load --events 1001", "from 1 to 1000, not 1001")]
    [InlineData("load --sleep perhaps", "Not understood: --sleep perhaps")]
    public void Parse_BadCommandLine_SaysWhatIsWrong(string commandLine, string expected)
    {
        LoadException e = Assert.Throws<LoadException>(() => LoadOptions.Parse(commandLine.Split(' ')));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }
}
