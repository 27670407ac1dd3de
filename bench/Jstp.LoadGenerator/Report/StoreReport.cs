using System.Globalization;
using System.Text;

namespace Jstp.LoadGenerator.Report;

/// <summary>
/// Markdown tables of one node with several session stores: a table per scenario, a row per store and mode, medians over the rounds. The yardstick is the
/// store in memory.
/// </summary>
internal static class StoreReport
{
    private const string Yardstick = "memory";
    private const string BaseMode = "OnDisconnect";

    /// <summary>Writes the tables, in the order in which scenarios, stores and modes first appear.</summary>
    public static string Create(IReadOnlyList<RunResult> runs)
    {
        var text = new StringBuilder();

        foreach (IGrouping<string, RunResult> scenario in runs.GroupBy(run => run.Scenario))
        {
            Append(text, scenario);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IGrouping<string, RunResult> scenario)
    {
        Dictionary<string, double> rates = scenario.GroupBy(run => run.Server)
            .ToDictionary(node => node.Key, node => ReportText.Median(node, RateOf));
        string unit = scenario.All(run => run.Calls!.EventsPerSecond is null) ? "calls/s" : "events/s";
        text.Append(CultureInfo.InvariantCulture, $"### {scenario.Key}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| store, mode | {unit} | lowest to highest | × {Yardstick}, {BaseMode} | × {Yardstick}, same mode | p50 ms | p99 ms | node | database | generator |\n");
        text.Append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");

        foreach (IGrouping<string, RunResult> node in scenario.GroupBy(run => run.Server))
        {
            double rate = rates[node.Key];
            string mode = node.Key.Split(", ")[^1];
            string[] cells =
            [
                node.Key,
                ReportText.Number(rate, "N0"),
                $"{ReportText.Number(node.Min(RateOf), "N0")} to {ReportText.Number(node.Max(RateOf), "N0")}",
                ReportText.Number(rate / rates.GetValueOrDefault($"{Yardstick}, {BaseMode}", double.NaN), "F2"),
                ReportText.Number(rate / rates.GetValueOrDefault($"{Yardstick}, {mode}", double.NaN), "F2"),
                ReportText.Number(ReportText.Median(node, run => run.Calls!.P50Microseconds) / 1000, "F1"),
                ReportText.Number(ReportText.Median(node, run => run.Calls!.P99Microseconds) / 1000, "F1"),
                ReportText.Number(ReportText.Median(node, run => run.Calls!.ServerLoad ?? double.NaN), "P0"),
                ReportText.Number(ReportText.Median(node, run => run.Calls!.DatabaseLoad ?? double.NaN), "P0"),
                ReportText.Number(ReportText.Median(node, run => run.Calls!.GeneratorLoad), "P0"),
            ];
            text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        }

        ReportText.AppendErrors(text, scenario);
        text.Append('\n');
    }

    private static double RateOf(RunResult run) => run.Calls!.EventsPerSecond ?? run.Calls.PerSecond;
}
