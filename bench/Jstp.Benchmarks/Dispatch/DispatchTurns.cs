using System.Diagnostics;
using System.Globalization;

namespace Jstp.Benchmarks.Dispatch;

/// <summary>
/// Runs the subjects of <see cref="DispatchBenchmarks"/> in turns and takes the best turn of each: on a machine with neighbours what one subject has to bear the
/// others have, too, and the best turn is one that was not disturbed.
/// </summary>
internal static class DispatchTurns
{
    private const int Turns = 400;
    private const int TurnsToWarmUp = 50;
    private const int CallsInATurn = 5000;

    /// <summary>Measures, and prints nanoseconds a call.</summary>
    public static void Run()
    {
        var benchmarks = new DispatchBenchmarks();
        benchmarks.Setup();
        Func<int>[] subjects = [benchmarks.CompiledNumbers, benchmarks.GeneratedNumbers, benchmarks.CompiledRecord, benchmarks.GeneratedRecord];
        double[] best = [.. subjects.Select(static _ => double.MaxValue)];

        for (int turn = 0; turn < Turns; turn++)
        {
            for (int i = 0; i < subjects.Length; i++)
            {
                double time = Time(subjects[i]);

                if (turn >= TurnsToWarmUp)
                {
                    best[i] = Math.Min(best[i], time);
                }
            }
        }

        for (int i = 0; i < subjects.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{subjects[i].Method.Name,-16} {best[i],8:F1} ns"));
        }
    }

    private static double Time(Func<int> subject)
    {
        long start = Stopwatch.GetTimestamp();

        for (int i = 0; i < CallsInATurn; i++)
        {
            subject();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / CallsInATurn;
    }
}
