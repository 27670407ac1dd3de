using System.CommandLine;
using System.Threading.Channels;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Connections;
using Jstp.Client.Events;

namespace Jstp.Cli.Commands;

/// <summary><c>jstp events</c>: follows events until it is interrupted, or has seen enough.</summary>
internal sealed class EventsCommand : ConnectedCommand
{
    private const int MaxWaitingEvents = 65_536; // as many as the server keeps for a client

    private readonly Argument<string> _interface = new("interface") { Description = "The interface." };
    private readonly Argument<string?> _event = new("event") { Arity = ArgumentArity.ZeroOrOne, Description = "The event; without it all of the interface." };
    private readonly Option<int?> _count = new("--count", "-n") { HelpName = "number", Description = "Ends after this many events; else Ctrl-C does." };
    private readonly Channel<JstpRemoteEvent> _waiting = Channel.CreateBounded<JstpRemoteEvent>(new BoundedChannelOptions(MaxWaitingEvents) { SingleReader = true });

    private string _interfaceName = "";
    private string? _eventName;

    public EventsCommand(CommonOptions common, CliServices services)
        : base("events", "Writes the events of an interface as they come. A lost connection is restored.", common, services)
    {
        Arguments.Add(_interface);
        Arguments.Add(_event);
        Options.Add(_count);
    }

    protected override bool StaysConnected => true;

    protected override void Check(ParseResult line)
    {
        (_interfaceName, _eventName) = (line.GetRequiredValue(_interface), line.GetValue(_event));

        if (line.GetValue(_count) <= 0)
        {
            throw new CliException(ExitCode.Usage, "--count takes a number above 0.");
        }
    }

    protected override bool Observe(JstpRemoteEvent received)
    {
        if (received.InterfaceName != _interfaceName || (_eventName is not null && received.Name != _eventName))
        {
            return false;
        }

        if (!_waiting.Writer.TryWrite(received))
        {
            CountUnseen(1);
            _waiting.Writer.TryComplete(new CliException(ExitCode.ConnectionLost, "Events come quicker than they can be written."));
        }

        return true;
    }

    protected override async Task<int> RunAsync(ParseResult line, CliSession session, CancellationToken cancellationToken)
    {
        session.Connection.Disconnected += (_, _) => Console.WriteNotice("jstp: The connection was lost.");
        session.Connection.Reconnected += (_, _) => Console.WriteNotice("jstp: The connection is restored; events that came meanwhile follow.");
        int left = line.GetValue(_count) ?? int.MaxValue;

        // Ends the loop behind the last event when the connection has ended for good.
        _ = EndWithAsync(session);

        try
        {
            await foreach (JstpRemoteEvent received in _waiting.Reader.ReadAllAsync(cancellationToken))
            {
                Results.Write(received);

                if (left != int.MaxValue && --left == 0)
                {
                    return ExitCode.Success;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Success; // Ctrl-C is how one ends this
        }
        finally
        {
            CountUnseen(_waiting.Reader.Count);
        }

        throw new CliException(ExitCode.ConnectionLost, "The connection has ended for good.");
    }

    private async Task EndWithAsync(CliSession session)
    {
        await session.Connection.Completion;
        _waiting.Writer.TryComplete();
    }
}
