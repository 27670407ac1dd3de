using Jstp.Cli.Tests.Support;

namespace Jstp.Cli.Tests.Commands;

/// <summary>Lines from a pipe.</summary>
public sealed class InteractiveCommandTests(CliServer server) : IClassFixture<CliServer>
{
    [Fact]
    public async Task Piped_Lines_ShareOneConnection()
    {
        ToolResult result = await RunAsync("""
            # a comment
            call session set 'k', {a:[1]}
            session.get('k')
            output json
            session.get('k')
            inspect version
            exit
            session.get('never')
            """);

        Assert.Equal(new ToolResult(0, "{a:[1]}\n{\"a\":[1]}\n{\"version\":[\"current\"]}\n", ""), result);
    }

    [Fact]
    public async Task Piped_LinesThatFail_EndNothingButThemselves()
    {
        ToolResult result = await RunAsync("calculator.divide(1, 0)\nnonsense\ncall echo value 1 2\ncalculator.add(1, 2)\n");

        string[] errors = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((1, "3\n"), (result.Code, result.Output)); // the exit code of the first failure
        Assert.Equal("Error 1: Division by zero", errors[0]);
        Assert.Equal("'nonsense' is not understood; 'help' tells more.", errors[1]);
        Assert.StartsWith("'1 2' are no MDSF values with commas between them: ", errors[2], StringComparison.Ordinal);
        Assert.Equal(3, errors.Length);
    }

    [Fact]
    public async Task Piped_Events_AreShownOnlyIfAskedFor()
    {
        ToolResult result = await RunAsync("events.burst(1)\nping\nevents on\nevents.burst(2)\nping\nevents off\nevents.burst(1)\n");

        Assert.Equal(
            ["1", "{interface:'events',event:'tick',args:[0]}", "{interface:'events',event:'tick',args:[1]}", "2", "1"],
            result.OutputLines.Where(static line => !line.Contains("ms:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Piped_EmitAndHelp_WriteNoResults()
    {
        Tool tool = Tool.For(server, "kit");

        ToolResult result = await tool.RunAsync("emit kit note [1], 2\nhelp\n", CancellationToken.None, "interactive");

        Assert.Equal((0, ""), (result.Code, result.Output));
        Assert.Contains("<interface>.<method>(args)", result.Error, StringComparison.Ordinal);
        Assert.Equal("[1]", (await server.Notes.NextAsync()).ToString());
    }

    [Fact]
    public async Task Piped_PasswordAndLines_ComeFromOneInput()
    {
        ToolResult result = await Tool.For(server).RunAsync(
            "wonderland\nsession.username()\n", CancellationToken.None, "interactive", "--login", "alice", "--password-stdin");

        Assert.Equal(new ToolResult(0, "'alice'\n", ""), result);
    }

    private Task<ToolResult> RunAsync(string input) => Tool.For(server).RunAsync(input, CancellationToken.None, "interactive");
}
