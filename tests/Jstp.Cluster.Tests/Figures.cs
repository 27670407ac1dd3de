using System.Globalization;
using System.Runtime.CompilerServices;
using Xunit.Abstractions;

namespace Jstp.Cluster.Tests;

/// <summary>What a scenario has measured: in the test's output, and in the file that <c>JSTP_FIGURES</c> names, which test.sh prints.</summary>
internal sealed class Figures(ITestOutputHelper output, [CallerMemberName] string scenario = "")
{
    private static readonly string? s_file = Environment.GetEnvironmentVariable("JSTP_FIGURES");

    /// <summary>Notes a figure.</summary>
    public void Note(FormattableString text)
    {
        string line = $"{scenario}: {FormattableString.Invariant(text)}";
        output.WriteLine(line);

        if (s_file is not null)
        {
            File.AppendAllText(s_file, line + "\n");
        }
    }

    /// <summary>Notes the middle and the tail of some times.</summary>
    public void NoteTimes(string what, IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];

        if (sorted.Length == 0)
        {
            Note($"{what}: none");
        }
        else
        {
            Note($"{what}, {sorted.Length.ToString("N0", CultureInfo.InvariantCulture)} times: p50 {At(0.5):F0} ms, p99 {At(0.99):F0} ms, most {sorted[^1]:F0} ms");
        }

        double At(double part) => sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(part * sorted.Length))];
    }
}
