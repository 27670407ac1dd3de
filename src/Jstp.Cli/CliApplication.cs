using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics.CodeAnalysis;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Commands;
using Spectre.Console;

namespace Jstp.Cli;

/// <summary>The program: from a command line to an exit code.</summary>
internal static class CliApplication
{
    // Ctrl-C and SIGTERM let a command close its connection and save its session; then the process ends anyway.
    private static readonly TimeSpan EndingTimeout = TimeSpan.FromSeconds(5);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The end of the program: a line and an exit code follow.")]
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliServices services, CancellationToken cancellationToken = default)
    {
        var common = new CommonOptions();
        RootCommand root = CreateCommands(common, services);
        ParseResult line = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

        if (line.Action is ParseErrorAction)
        {
            services.Console.WriteNotice($"jstp: {DescribeErrors(line)} 'jstp --help' tells more.");

            return ExitCode.Usage;
        }

        if (common.HasNoColor(line))
        {
            services.Console.Screen.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        try
        {
            using var help = new StringWriter();
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = EndingTimeout,
                Output = help,
                Error = help,
            };
            int code = await line.InvokeAsync(configuration, cancellationToken);

            if (help.ToString().TrimEnd() is { Length: > 0 } text)
            {
                services.Console.WriteResult(text);
            }

            return code;
        }
        catch (Exception exception)
        {
            var failure = Failure.Of(exception);
            services.Console.WriteNotice($"jstp: {failure.Message}");

            return failure.ExitCode;
        }
    }

    // A word that nobody knows says more than what is missing because of it.
    private static string DescribeErrors(ParseResult line) =>
        line.UnmatchedTokens is [var word, ..] ? $"'{word}' is not understood." : line.Errors[0].Message;

    private static RootCommand CreateCommands(CommonOptions common, CliServices services)
    {
        var root = new RootCommand("Talks to JSTP servers. Results go to the output, everything else to the error output. Exit codes: "
            + "0 done, 1 error of the server, 2 usage, 3 cannot connect, 4 timeout, 5 refused, 6 connection lost.")
        {
            new InspectCommand(common, services),
            new CallCommand(common, services),
            new EmitCommand(common, services),
            new EventsCommand(common, services),
            new PingCommand(common, services),
            new InteractiveCommand(common, services),
            new BenchCommand(common, services),
        };
        common.AddTo(root);

        return root;
    }
}
