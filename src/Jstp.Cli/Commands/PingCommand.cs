using System.CommandLine;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Connections;
using Jstp.Transport.Mdsf;
using Spectre.Console;

namespace Jstp.Cli.Commands;

/// <summary><c>jstp ping</c>: how long the server takes for a sign of life.</summary>
internal sealed class PingCommand : ConnectedCommand
{
    private const int DefaultCount = 4;

    private readonly Option<int> _count = new("--count", "-n")
    {
        HelpName = "number",
        DefaultValueFactory = static _ => DefaultCount,
        Description = "How many pings.",
    };

    private readonly Option<double> _interval = new("--interval")
    {
        HelpName = "seconds",
        DefaultValueFactory = static _ => 1,
        Description = "Between two pings.",
    };

    public PingCommand(CommonOptions common, CliServices services)
        : base("ping", "Measures how long pings take, one after the other.", common, services)
    {
        Options.Add(_count);
        Options.Add(_interval);
    }

    protected override void Check(ParseResult line)
    {
        if (line.GetValue(_count) is < 1 or > 1_000_000)
        {
            throw new CliException(ExitCode.Usage, "--count takes a number from 1 to 1000000.");
        }

        if (line.GetValue(_interval) is not (>= 0 and <= 3600))
        {
            throw new CliException(ExitCode.Usage, "--interval takes seconds from 0 to 3600.");
        }
    }

    protected override async Task<int> RunAsync(ParseResult line, CliSession session, CancellationToken cancellationToken)
    {
        int count = line.GetValue(_count);
        var interval = TimeSpan.FromSeconds(line.GetValue(_interval));
        var times = new PingTimes();

        for (int number = 1; number <= count; number++)
        {
            TimeSpan time = await session.WithinTimeoutAsync(session.Connection.PingAsync, $"ping {number}", cancellationToken);
            times.Add(time);
            Results.Write(MdsfValue.CreateObject(("ping", number), ("ms", PingTimes.ToMilliseconds(time))));

            if (number < count && interval > TimeSpan.Zero)
            {
                await Task.Delay(interval, Services.Time, cancellationToken);
            }
        }

        if (Results.IsForPeople)
        {
            string[] figures = [.. times.Summarize().Members.Select(static figure => figure.Value.ToString())];
            Console.Draw(new Table().AddColumns("pings", "min ms", "avg ms", "p99 ms", "max ms").AddRow(figures));
        }
        else
        {
            Results.Write(times.Summarize());
        }

        return ExitCode.Success;
    }
}
