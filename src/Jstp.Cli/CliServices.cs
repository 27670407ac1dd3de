using Jstp.Cli.Connections;
using Jstp.Cli.Output;

namespace Jstp.Cli;

/// <summary>What commands use of the world, so that tests give them another one.</summary>
internal sealed class CliServices
{
    public required CliConsole Console { get; init; }

    public required IConnectionFactory Connections { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public required Func<string, string?> GetVariable { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The terminal, files and environment of this process.</summary>
    public static CliServices CreateForProcess()
    {
        CliConsole console = CliConsole.CreateForProcess();

        return new CliServices
        {
            Console = console,
            Connections = new ConnectionFactory(console, TimeProvider.System),
            GetVariable = Environment.GetEnvironmentVariable,
        };
    }
}
