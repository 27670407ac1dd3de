using Jstp.Cli.Tests.Support;

namespace Jstp.Cli.Tests.Commands;

/// <summary>What makes no sense is told in one line, with the exit code of its kind, before anything is connected.</summary>
public sealed class CommandLineTests(CliServer server) : IClassFixture<CliServer>
{
    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("dance", "'dance' is not understood.")]
    [InlineData("call echo", "Required argument 'method' missing")]
    [InlineData("inspect", "Required argument 'interface' missing")]
    [InlineData("inspect echo --output xml", "'xml'")]
    [InlineData("inspect echo --timeout 0", "--timeout takes seconds")]
    [InlineData("inspect echo --timeout soon", "--timeout takes seconds")]
    [InlineData("inspect echo --url nowhere", "'nowhere' is no absolute URL")]
    [InlineData("inspect echo --url http://127.0.0.1/", "is no URL of a server")]
    [InlineData("inspect echo --app a@b", "--app: 'b' is neither a version nor a range")]
    [InlineData("inspect echo --password x", "A password without --login")]
    [InlineData("inspect echo --login alice", "--login needs a password")]
    [InlineData("inspect echo --login alice --password-stdin", "is empty")]
    [InlineData("inspect echo --login alice --password x --password-stdin", "exclude each other")]
    [InlineData("inspect echo --ca /nowhere", "The authorities cannot be read")]
    [InlineData("call echo value text", "Argument 1, text, is no MDSF value")]
    [InlineData("emit echo value 1 [", "Argument 2, [, is no MDSF value")]
    [InlineData("events events --count 0", "--count takes a number above 0")]
    [InlineData("ping --count 0", "--count takes a number from 1")]
    [InlineData("ping --interval -1", "--interval takes seconds")]
    [InlineData("bench --outstanding 0", "--outstanding takes a number from 1 to 4096")]
    [InlineData("bench --login alice", "--login is of no use")]
    public async Task Run_NoSense_IsUsage(string line, string expected)
    {
        ToolResult result = await Tool.For(server).RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.StartsWith("jstp: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal(result.Error.Length - 1, result.Error.IndexOf('\n', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("JSTP_URL", "--url is missing")]
    [InlineData("JSTP_APP", "--app is missing")]
    public async Task Run_NeitherOptionNorVariable_IsUsage(string variable, string expected)
    {
        Tool tool = Tool.For(server);
        tool.Variables.Remove(variable);

        ToolResult result = await tool.RunAsync("inspect", "echo");

        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("call --help")]
    public async Task Help_GoesToTheOutput(string line)
    {
        ToolResult result = await Tool.For(server).RunAsync(line.Split(' '));

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("--password-stdin", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ResponseFileSyntax_IsJustAText() =>
        Assert.Equal(new ToolResult(0, "'@x'\n", ""), await Tool.For(server).RunAsync("call", "echo", "value", "'@x'"));
}
