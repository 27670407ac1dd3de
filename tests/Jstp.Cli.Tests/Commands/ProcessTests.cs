using Jstp.Actors.Connections;
using Jstp.Cli.Tests.Support;

namespace Jstp.Cli.Tests.Commands;

/// <summary>The built tool as scripts run it.</summary>
public sealed class ProcessTests(CliServer server) : IClassFixture<CliServer>
{
    [Fact]
    public async Task Call_InAProcess_WritesItsResult()
    {
        await using ToolProcess tool = ToolProcess.Start(server, "conformance", "call", "echo", "value", "'ü'", "--output", "json");

        Assert.Equal(new ToolResult(0, "\"ü\"\n", ""), await tool.ExitAsync());
    }

    [Fact]
    public async Task Call_Refused_HasItsExitCode()
    {
        await using ToolProcess tool = ToolProcess.Start(server, "nowhere", "call", "echo", "value", "1");

        Assert.Equal(5, (await tool.ExitAsync()).Code);
    }

    [Fact]
    public async Task Interactive_PipedLines_AreCarriedOut()
    {
        await using ToolProcess tool = ToolProcess.Start(server, "conformance", "interactive");
        await tool.WriteAsync("calculator.add(1, 2)\ncalculator.divide(1, 0)\n");

        Assert.Equal(new ToolResult(1, "3\n", "Error 1: Division by zero\n"), await tool.ExitAsync());
    }

    [Fact]
    public async Task Events_Interrupted_EndsWellAndSavesTheSession()
    {
        using var file = new TemporaryFile();
        await using ToolProcess first = ToolProcess.Start(server, "kit", "call", "kit", "join", "--session", file.Path);
        Assert.Equal(0, (await first.ExitAsync()).Code);
        JstpConnection connection = await server.Joined.NextAsync();
        connection.Emit("kit", "news", 1);
        await using ToolProcess tool = ToolProcess.Start(server, "kit", "events", "kit", "--session", file.Path);
        Assert.Equal("{interface:'kit',event:'news',args:[1]}", await tool.ReadLineAsync());
        string before = await File.ReadAllTextAsync(file.Path);
        connection.Emit("kit", "news", 2);
        Assert.Equal("{interface:'kit',event:'news',args:[2]}", await tool.ReadLineAsync());

        tool.Interrupt();

        Assert.Equal(new ToolResult(0, "", ""), await tool.ExitAsync());
        Assert.NotEqual(before, await File.ReadAllTextAsync(file.Path));
    }
}
