using Jstp.Cli.Tests.Support;
using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Tests.Commands;

/// <summary>The load generator behind the tool.</summary>
public sealed class BenchCommandTests(CliServer server) : IClassFixture<CliServer>
{
    [Fact]
    public async Task Bench_Server_IsMeasured()
    {
        ToolResult result = await Tool.For(server, "conformance@1").RunAsync(
            "bench", "--connections", "2", "--outstanding", "2", "--payload", "3", "--warmup", "0", "--seconds", "0.2", "--method", "echo.asyncValue");

        Assert.Equal((0, ""), (result.Code, result.Error));
        var figures = MdsfValue.Parse(result.Output);
        Assert.Equal((2, 0), (figures["connections"].AsNumber(), figures["errors"].AsNumber()));
        Assert.True(figures["calls"]["count"].AsNumber() > 0);
    }

    [Fact]
    public async Task Bench_UnknownApplication_CannotConnect()
    {
        ToolResult result = await Tool.For(server, "nowhere").RunAsync("bench", "--connections", "1", "--warmup", "0", "--seconds", "0.1");

        Assert.Equal((3, "jstp: The server refused the handshake: {handshake:[0],error:[10]}\n"), (result.Code, result.Error));
    }

    [Fact]
    public async Task Bench_WrongAnswers_AreErrors()
    {
        ToolResult result = await Tool.For(server).RunAsync(
            "bench", "--connections", "1", "--warmup", "0", "--seconds", "0.1", "--method", "echo.nothing");

        Assert.Equal(1, result.Code);
        Assert.Contains("Not an answer", result.Error, StringComparison.Ordinal);
    }
}
