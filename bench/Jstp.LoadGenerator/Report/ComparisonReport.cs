using System.Globalization;
using System.Text;

namespace Jstp.LoadGenerator.Report;

/// <summary>Markdown tables of many runs: a table per scenario, a row per server, medians over the rounds.</summary>
internal static class ComparisonReport
{
    // Servers that the others are compared with, as compare.sh names them, and their column.
    private static readonly (string Server, string Column)[] Yardsticks =
        [("reference", "× reference"), ("SignalR", "× SignalR"), ("bare echo", "× bare echo")];

    /// <summary>Writes the tables, in the order in which scenarios and servers first appear.</summary>
    public static string Create(IReadOnlyList<RunResult> runs)
    {
        var text = new StringBuilder();

        foreach (IGrouping<string, RunResult> scenario in runs.GroupBy(run => run.Scenario))
        {
            text.Append(CultureInfo.InvariantCulture, $"### {scenario.Key}\n\n");
            List<IGrouping<string, RunResult>> servers = [.. scenario.GroupBy(run => run.Server)];

            if (scenario.All(run => run.Calls is not null))
            {
                AppendCalls(text, servers);
            }
            else
            {
                AppendMemory(text, servers);
            }

            ReportText.AppendErrors(text, scenario);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void AppendCalls(StringBuilder text, List<IGrouping<string, RunResult>> servers)
    {
        AppendHeader(text, ["calls/s", "lowest to highest", "CPU µs/call", "p50 µs", "p99 µs", "server", "generator"]);

        foreach (IGrouping<string, RunResult> server in servers)
        {
            double rate = ReportText.Median(server, run => run.Calls!.PerSecond);
            double[] rates = [.. server.Select(run => run.Calls!.PerSecond)];
            double cpu = ReportText.Median(server, run => run.Calls!.ServerCpuMicrosecondsPerCall ?? double.NaN);

            string[] cells =
            [
                ReportText.Number(rate, "N0"),
                $"{ReportText.Number(rates.Min(), "N0")} to {ReportText.Number(rates.Max(), "N0")}",
                ReportText.Number(cpu, "F2"),
                ReportText.Number(ReportText.Median(server, run => run.Calls!.P50Microseconds), "N0"),
                ReportText.Number(ReportText.Median(server, run => run.Calls!.P99Microseconds), "N0"),
                ReportText.Number(ReportText.Median(server, run => run.Calls!.ServerLoad ?? double.NaN), "P0"),
                ReportText.Number(ReportText.Median(server, run => run.Calls!.GeneratorLoad), "P0"),
            ];

            AppendRow(text, server.Key, cells, yardstick => rate / RateOf(servers, yardstick));
        }
    }

    private static void AppendMemory(StringBuilder text, List<IGrouping<string, RunResult>> servers)
    {
        AppendHeader(text, ["PSS KiB per connection", "RSS KiB per connection", "PSS MiB before", "PSS MiB after"]);

        foreach (IGrouping<string, RunResult> server in servers)
        {
            double perConnection = ReportText.Median(server, run => run.Memory!.ProportionalPerConnection);

            string[] cells =
            [
                ReportText.Number(perConnection / 1024, "F1"),
                ReportText.Number(ReportText.Median(server, run => run.Memory!.ResidentPerConnection) / 1024, "F1"),
                ReportText.Number(ReportText.Median(server, run => run.Memory!.ProportionalBefore) / (1024 * 1024), "F1"),
                ReportText.Number(ReportText.Median(server, run => run.Memory!.ProportionalAfter) / (1024 * 1024), "F1"),
            ];

            AppendRow(text, server.Key, cells, yardstick => perConnection / MemoryOf(servers, yardstick));
        }
    }

    private static void AppendHeader(StringBuilder text, string[] columns)
    {
        string[] all = ["server", .. columns, .. Yardsticks.Select(yardstick => yardstick.Column)];
        text.Append("| ").AppendJoin(" | ", all).Append(" |\n| --- |");
        text.Insert(text.Length, " ---: |", all.Length - 1).Append('\n');
    }

    private static void AppendRow(StringBuilder text, string server, string[] cells, Func<string, double> ratioTo)
    {
        IEnumerable<string> ratios = Yardsticks.Select(yardstick => ReportText.Number(ratioTo(yardstick.Server), "F2"));
        text.Append(CultureInfo.InvariantCulture, $"| {server} | ").AppendJoin(" | ", cells.Concat(ratios)).Append(" |\n");
    }

    private static double RateOf(List<IGrouping<string, RunResult>> servers, string name) =>
        servers.Find(server => server.Key == name) is { } found ? ReportText.Median(found, run => run.Calls!.PerSecond) : double.NaN;

    private static double MemoryOf(List<IGrouping<string, RunResult>> servers, string name) =>
        servers.Find(server => server.Key == name) is { } found
            ? ReportText.Median(found, run => run.Memory!.ProportionalPerConnection)
            : double.NaN;
}
