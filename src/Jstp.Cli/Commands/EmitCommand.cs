using System.CommandLine;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Connections;

namespace Jstp.Cli.Commands;

/// <summary><c>jstp emit</c>: sends an event, and is done when the server has it.</summary>
internal sealed class EmitCommand : ConnectedCommand
{
    private readonly Argument<string> _interface = new("interface") { Description = "The interface." };
    private readonly Argument<string> _event = new("event") { Description = "The event." };
    private readonly Argument<string[]> _values = new("args") { Arity = ArgumentArity.ZeroOrMore, Description = "The arguments, each an MDSF value." };

    public EmitCommand(CommonOptions common, CliServices services)
        : base("emit", "Sends an event, and ends when the server has it.", common, services)
    {
        Arguments.Add(_interface);
        Arguments.Add(_event);
        Arguments.Add(_values);
    }

    protected override void Check(ParseResult line) => MdsfArguments.Parse(line.GetValue(_values) ?? []);

    protected override async Task<int> RunAsync(ParseResult line, CliSession session, CancellationToken cancellationToken)
    {
        await Requests.EmitAsync(
            session, line.GetRequiredValue(_interface), line.GetRequiredValue(_event), MdsfArguments.Parse(line.GetValue(_values) ?? []), cancellationToken);

        return ExitCode.Success;
    }
}
