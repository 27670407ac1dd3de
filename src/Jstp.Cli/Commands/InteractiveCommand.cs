using System.CommandLine;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Connections;
using Jstp.Cli.Interactive;
using Jstp.Client.Events;

namespace Jstp.Cli.Commands;

/// <summary><c>jstp interactive</c>: many requests over one connection, typed or piped.</summary>
internal sealed class InteractiveCommand : ConnectedCommand
{
    private readonly Argument<string[]> _interfaces = new("interface")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Interfaces whose names and methods complete from the beginning on.",
    };

    private readonly Option<string?> _history = new("--history") { HelpName = "file", Description = "Keeps what is typed from one run to the next." };

    private Shell? _shell;

    public InteractiveCommand(CommonOptions common, CliServices services)
        : base("interactive", "Reads lines and carries them out; 'help' lists them. Typed lines have a history and completion.", common, services)
    {
        Aliases.Add("i");
        Arguments.Add(_interfaces);
        Options.Add(_history);
    }

    protected override bool StaysConnected => true;

    // Keys need a terminal on both sides, and one that knows where its cursor is.
    private bool IsTyped => Console.IsInputTerminal && Console.IsOutputTerminal && Console.Screen.Profile.Capabilities.Ansi;

    protected override void Check(ParseResult line) => _shell = new Shell(Console, Results) { ShowsEvents = Console.IsInputTerminal };

    protected override bool Observe(JstpRemoteEvent received) => _shell!.Observe(received);

    protected override async Task<int> RunAsync(ParseResult line, CliSession session, CancellationToken cancellationToken)
    {
        session.Connection.Disconnected += (_, _) => Console.WriteNotice("The connection was lost.");
        session.Connection.Reconnected += (_, _) => Console.WriteNotice("The connection is restored.");
        Shell shell = _shell!;
        RemoteNames names = shell.NamesOf(session);

        foreach (string name in line.GetValue(_interfaces) ?? [])
        {
            names.AddInterface(name);
        }

        string? historyPath = line.GetValue(_history);
        LineHistory history = HistoryFile.Load(historyPath);
        var editor = new LineEditor(Console, history, new ShellCompleter(names));

        try
        {
            while (!shell.HasEnded && await ReadLineAsync(editor, cancellationToken) is { } entered)
            {
                await shell.ExecuteAsync(entered, session, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        finally
        {
            HistoryFile.Save(historyPath, history);
        }

        // Who typed has seen what failed.
        return Console.IsInputTerminal ? ExitCode.Success : shell.FirstFailure;
    }

    private async Task<string?> ReadLineAsync(LineEditor editor, CancellationToken cancellationToken) =>
        IsTyped ? await editor.ReadLineAsync(cancellationToken) : await Console.Input.ReadLineAsync(cancellationToken);
}
