using System.Globalization;
using System.Text;

namespace Jstp.LoadGenerator.Report;

/// <summary>What all reports write alike.</summary>
internal static class ReportText
{
    /// <summary>The median of a figure over the rounds.</summary>
    public static double Median(IEnumerable<RunResult> runs, Func<RunResult, double> figure)
    {
        double[] sorted = [.. runs.Select(figure).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>A number, or a dash where there is none.</summary>
    public static string Number(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";

    /// <summary>Writes what went wrong.</summary>
    public static void AppendErrors(StringBuilder text, IEnumerable<RunResult> runs)
    {
        foreach (RunResult run in runs.Where(run => run.Errors > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**{run.Server}: {run.Errors} errors**, first: {run.FirstError}\n");
        }
    }
}
