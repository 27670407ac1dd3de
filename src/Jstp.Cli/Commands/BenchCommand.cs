using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jstp.Cli.CommandLine;
using Jstp.Cli.Output;
using Jstp.LoadGenerator;
using Jstp.LoadGenerator.Measurement;
using Jstp.LoadGenerator.Report;
using Jstp.Transport.Mdsf;
using Spectre.Console;

namespace Jstp.Cli.Commands;

/// <summary><c>jstp bench</c>: the load generator of <c>bench/</c>.</summary>
internal sealed class BenchCommand : Command
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly CommonOptions _common;
    private readonly CliServices _services;

    // Their names and values are the load generator's, which also checks them.
    private readonly Option<string?>[] _passed =
    [
        new("--connections") { HelpName = "number", Description = "How many connections; 100 if not given." },
        new("--outstanding") { HelpName = "number", Description = "Calls on their way per connection; 16 if not given." },
        new("--payload") { HelpName = "bytes", Description = "Length of the string in a call, 0 to 8192; 16 if not given." },
        new("--warmup") { HelpName = "seconds", Description = "Before the measurement; 2 if not given." },
        new("--seconds") { HelpName = "seconds", Description = "Of measurement; 5 if not given." },
        new("--method") { HelpName = "interface.method", Description = "A method that answers its only argument, a string; echo.value if not given." },
        new("--events") { HelpName = "number", Description = "Each call draws this many events, by events.burst, in place of a string." },
        new("--server-pid") { HelpName = "id", Description = "The server's process, on this machine, whose processor time is read." },
    ];

    public BenchCommand(CommonOptions common, CliServices services)
        : base("bench", "Keeps calls outstanding from one thread, and measures. The URL is ws:// and a numeric address; Linux only.")
    {
        (_common, _services) = (common, services);

        foreach (Option<string?> option in _passed)
        {
            Options.Add(option);
        }

        SetAction(Run);
    }

    private int Run(ParseResult line)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CliException(ExitCode.Usage, "bench needs Linux: it is made around epoll.");
        }

        _common.ThrowIfPersonal(line);
        RunResult result = Measure(ReadOptions(line));
        Write(result, new ResultWriter(_services.Console, _common.ReadOutput(line)));

        return result.Errors == 0
            ? ExitCode.Success
            : throw new CliException(ExitCode.RemoteError, $"{result.Errors} errors, the first: {result.FirstError}");
    }

    private LoadOptions ReadOptions(ParseResult line)
    {
        List<string> arguments = ["load", "--url", _common.ReadUrl(line, _services).ToString()];

        if (_common.ReadApplication(line, _services) is { } application)
        {
            arguments.AddRange(["--app", application]);
        }

        foreach (Option<string?> option in _passed)
        {
            if (line.GetValue(option) is { } value)
            {
                arguments.AddRange([option.Name, value]);
            }
        }

        try
        {
            return LoadOptions.Parse(arguments);
        }
        catch (LoadException exception)
        {
            throw new CliException(ExitCode.Usage, exception.Message, exception);
        }
    }

    private static RunResult Measure(LoadOptions options)
    {
        try
        {
            return Runner.MeasureCalls(options);
        }
        catch (LoadException exception)
        {
            throw new CliException(ExitCode.CannotConnect, exception.Message, exception);
        }
    }

    private void Write(RunResult result, ResultWriter results)
    {
        CallFigures figures = result.Calls!;

        if (results.IsForPeople)
        {
            _services.Console.Draw(new Table()
                .AddColumns("calls/s", "calls", "p50 µs", "p99 µs", "max µs", "generator")
                .AddRow([.. ((double[])[figures.PerSecond, figures.Count, figures.P50Microseconds, figures.P99Microseconds, figures.MaxMicroseconds])
                    .Select(static figure => figure.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)),
                    figures.GeneratorLoad.ToString("P0", System.Globalization.CultureInfo.InvariantCulture)]));
        }
        else
        {
            results.Write(MdsfValue.Parse(JsonSerializer.Serialize(result, Json)));
        }
    }
}
