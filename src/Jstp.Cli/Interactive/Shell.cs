using System.Diagnostics.CodeAnalysis;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Commands;
using Jstp.Cli.Connections;
using Jstp.Cli.Output;
using Jstp.Client.Events;
using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Interactive;

/// <summary>Carries out lines, one after the other, over one connection. What fails is told, and ends its line only.</summary>
internal sealed class Shell(CliConsole console, ResultWriter results)
{
    private const string Usage = """
        inspect <interface>...               lists methods
        call <interface> <method> [args]     calls a method; args are MDSF values with commas between them
        <interface>.<method>(args)           the same
        emit <interface> <event> [args]      sends an event
        events on|off                        shows events as they come, or does not
        ping                                 measures
        output mdsf|json                     how results are written
        exit                                 ends, as does Ctrl-D
        """;

    private RemoteNames? _names;

    /// <summary>Whether events are shown as they come.</summary>
    public bool ShowsEvents { get; set; }

    /// <summary>Whether a line has asked for the end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The exit code of the first line that failed, 0 if none did.</summary>
    public int FirstFailure { get; private set; }

    /// <summary>What is known of the server, from the beginning of the session on.</summary>
    public RemoteNames NamesOf(CliSession session) =>
        _names ??= new RemoteNames((name, cancellationToken) => Requests.InspectAsync(session, name, cancellationToken));

    /// <summary>Sees an event. Runs where messages are received.</summary>
    /// <returns>Whether it was shown.</returns>
    public bool Observe(JstpRemoteEvent received)
    {
        _names?.AddEvent(received.InterfaceName, received.Name);

        if (ShowsEvents)
        {
            results.Write(received);
        }

        return ShowsEvents;
    }

    /// <summary>Carries out one line.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The end of a line: its failure is told, and the next line follows.")]
    public async Task ExecuteAsync(string line, CliSession session, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(line.Trim(), session, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = Failure.Of(exception);
            console.WriteNotice(failure.Message);
            FirstFailure = FirstFailure == ExitCode.Success ? failure.ExitCode : FirstFailure;
        }
    }

    private async Task RunAsync(string line, CliSession session, CancellationToken cancellationToken)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        if (ShellCall.TryParse(line) is { } call)
        {
            await CallAsync(call, session, cancellationToken);

            return;
        }

        (string verb, string rest) = Split(line);

        switch (verb)
        {
            case ShellVerb.Inspect when rest.Length > 0:
                await InspectAsync(rest.Split(' ', StringSplitOptions.RemoveEmptyEntries), session, cancellationToken);
                break;
            case ShellVerb.Call when TrySplitTarget(rest, out ShellCall? target):
                await CallAsync(target, session, cancellationToken);
                break;
            case ShellVerb.Emit when TrySplitTarget(rest, out ShellCall? target):
                NamesOf(session).AddInterface(target.InterfaceName);
                await Requests.EmitAsync(session, target.InterfaceName, target.Name, MdsfArguments.ParseList(target.Arguments), cancellationToken);
                break;
            case ShellVerb.Events when rest is "on" or "off":
                ShowsEvents = rest == "on";
                break;
            case ShellVerb.Ping when rest.Length == 0:
                TimeSpan time = await session.WithinTimeoutAsync(session.Connection.PingAsync, "ping", cancellationToken);
                results.Write(MdsfValue.CreateObject(("ms", PingTimes.ToMilliseconds(time))));
                break;
            case ShellVerb.Output when rest is "mdsf" or "json":
                results.Format = rest == "json" ? OutputFormat.Json : OutputFormat.Mdsf;
                break;
            case ShellVerb.Help when rest.Length == 0:
                WriteUsage();
                break;
            case ShellVerb.Exit when rest.Length == 0:
                HasEnded = true;
                break;
            default:
                throw new CliException(ExitCode.Usage, $"'{line}' is not understood; 'help' tells more.");
        }
    }

    private async Task InspectAsync(string[] interfaces, CliSession session, CancellationToken cancellationToken)
    {
        foreach ((string name, IReadOnlyList<string> methods) in await Requests.InspectAsync(session, interfaces, console, results, cancellationToken))
        {
            NamesOf(session).AddMethods(name, methods);
        }
    }

    private async Task CallAsync(ShellCall call, CliSession session, CancellationToken cancellationToken)
    {
        MdsfValue[] arguments = MdsfArguments.ParseList(call.Arguments);
        NamesOf(session).AddInterface(call.InterfaceName);
        await Requests.CallAsync(session, call.InterfaceName, call.Name, arguments, results, cancellationToken);
    }

    private void WriteUsage()
    {
        foreach (string line in Usage.Split('\n'))
        {
            console.WriteNotice(line.TrimEnd('\r'));
        }
    }

    private static bool TrySplitTarget(string rest, [NotNullWhen(true)] out ShellCall? target)
    {
        (string interfaceName, string more) = Split(rest);
        (string name, string arguments) = Split(more);
        target = name.Length > 0 ? new ShellCall(interfaceName, name, arguments) : null;

        return target is not null;
    }

    private static (string Word, string Remainder) Split(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);

        return space < 0 ? (text, "") : (text[..space], text[space..].TrimStart());
    }
}
