using Jstp.Cli.Connections;
using Jstp.Cli.Output;
using Jstp.TestKit;
using Spectre.Console;

namespace Jstp.Cli.Tests.Support;

/// <summary>The tool in this process, with pipes for a console.</summary>
internal sealed class Tool
{
    /// <summary>The environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A tool that knows where the server is.</summary>
    public static Tool For(CliServer server, string application = "conformance") => new()
    {
        Variables = { ["JSTP_URL"] = server.Url, ["JSTP_APP"] = application },
    };

    public Task<ToolResult> RunAsync(params string[] args) => RunAsync("", CancellationToken.None, args);

    public async Task<ToolResult> RunAsync(string input, CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var reader = new StringReader(input);
        IAnsiConsole screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        var console = new CliConsole(reader, output, error, screen) { IsInputTerminal = false, IsOutputTerminal = false };
        var services = new CliServices
        {
            Console = console,
            Connections = new ConnectionFactory(console, Time),
            GetVariable = Variables.GetValueOrDefault,
            Time = Time,
        };
        int code = await CliApplication.RunAsync(args, services, cancellationToken).WithinLimitAsync($"the end of jstp {string.Join(' ', args)}");

        return new ToolResult(code, output.ToString(), error.ToString());
    }
}
