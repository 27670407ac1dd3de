using System.CommandLine;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Connections;
using Jstp.Cli.Output;
using Jstp.Client.Connections;
using Jstp.Client.Events;

namespace Jstp.Cli.Commands;

/// <summary>A command that connects, does one thing, and closes, saving the session if there is a file for it.</summary>
internal abstract class ConnectedCommand : Command
{
    private readonly CommonOptions _common;
    private int _unseenCount;

    protected ConnectedCommand(string name, string description, CommonOptions common, CliServices services)
        : base(name, description)
    {
        _common = common;
        Services = services;
        SetAction(InvokeAsync);
    }

    protected CliServices Services { get; }

    protected CliConsole Console => Services.Console;

    /// <summary>Where results go, in the form that was asked for.</summary>
    protected ResultWriter Results { get; private set; } = null!; // from before the connection on

    /// <summary>Whether the command goes on when its connection is lost, until it is restored.</summary>
    protected virtual bool StaysConnected => false;

    /// <summary>Looks at the command line before anything is connected.</summary>
    /// <exception cref="CliException">It makes no sense.</exception>
    protected virtual void Check(ParseResult line)
    {
    }

    /// <summary>Sees an event. Runs where messages are received.</summary>
    /// <returns>Whether it is the command's business; others are counted, as the server will not send them again.</returns>
    protected virtual bool Observe(JstpRemoteEvent received) => false;

    /// <summary>Does what the command is for.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult line, CliSession session, CancellationToken cancellationToken);

    /// <summary>Says of how many further events that they came and are not shown.</summary>
    protected void CountUnseen(int count) => Interlocked.Add(ref _unseenCount, count);

    private async Task<int> InvokeAsync(ParseResult line, CancellationToken cancellationToken)
    {
        ConnectionSettings settings = await _common.ReadAsync(line, Services, cancellationToken);
        Results = new ResultWriter(Console, settings.Output);
        Check(line);
        CliSession session = await Services.Connections.OpenAsync(settings, Prepare, StaysConnected, cancellationToken);

        try
        {
            return await RunAsync(line, session, cancellationToken);
        }
        finally
        {
            await session.CloseAsync();

            // Only to a session that goes on are they a loss.
            if (settings.SessionFile is not null && Volatile.Read(ref _unseenCount) is > 0 and var count)
            {
                Console.WriteNotice($"jstp: {count} events of the session came and were not shown.");
            }
        }
    }

    private void Prepare(JstpClientConnection connection) => connection.EventReceived += (_, received) =>
    {
        if (!Observe(received))
        {
            CountUnseen(1);
        }
    };
}
