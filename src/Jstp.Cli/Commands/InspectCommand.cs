using System.CommandLine;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Connections;

namespace Jstp.Cli.Commands;

/// <summary><c>jstp inspect</c>: the methods of interfaces.</summary>
internal sealed class InspectCommand : ConnectedCommand
{
    private readonly Argument<string[]> _interfaces = new("interface")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "The interfaces. Servers do not list what they have: their names must be known.",
    };

    public InspectCommand(CommonOptions common, CliServices services)
        : base("inspect", "Lists the methods of interfaces.", common, services) => Arguments.Add(_interfaces);

    protected override async Task<int> RunAsync(ParseResult line, CliSession session, CancellationToken cancellationToken)
    {
        await Requests.InspectAsync(session, line.GetRequiredValue(_interfaces), Console, Results, cancellationToken);

        return ExitCode.Success;
    }
}
