using System.CommandLine;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Connections;
using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Commands;

/// <summary><c>jstp call</c>: calls a method and writes its results.</summary>
internal sealed class CallCommand : ConnectedCommand
{
    private readonly Argument<string> _interface = new("interface") { Description = "The interface." };
    private readonly Argument<string> _method = new("method") { Description = "The method." };

    private readonly Argument<string[]> _values = new("args")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The arguments, each an MDSF value: 19, \"'text'\", [1,2], {a:1}.",
    };

    public CallCommand(CommonOptions common, CliServices services)
        : base("call", "Calls a method and writes its results, one a line.", common, services)
    {
        Arguments.Add(_interface);
        Arguments.Add(_method);
        Arguments.Add(_values);
    }

    protected override void Check(ParseResult line) => MdsfArguments.Parse(line.GetValue(_values) ?? []);

    protected override async Task<int> RunAsync(ParseResult line, CliSession session, CancellationToken cancellationToken)
    {
        MdsfValue[] arguments = MdsfArguments.Parse(line.GetValue(_values) ?? []);
        await Requests.CallAsync(
            session, line.GetRequiredValue(_interface), line.GetRequiredValue(_method), arguments, Results, cancellationToken);

        return ExitCode.Success;
    }
}
