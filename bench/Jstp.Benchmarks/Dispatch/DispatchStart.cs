using System.Diagnostics;
using System.Globalization;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Transport.Mdsf;

namespace Jstp.Benchmarks.Dispatch;

/// <summary>What compiling the methods of an interface class adds to the start of a process, which can be measured once a process only.</summary>
internal static class DispatchStart
{
    private const int Repetitions = 20;

    /// <summary>Compiles the first method, then twenty times two more, and prints how long each took.</summary>
    public static void Run()
    {
        var target = new InstanceTarget(new DepotInterface());
        var compiler = new MethodCompiler(MdsfSerializer.Default);
        long start = Stopwatch.GetTimestamp();
        compiler.Compile("add", typeof(DepotInterface).GetMethod(nameof(DepotInterface.Add))!, target);
        TimeSpan first = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        compiler.Compile("keep", typeof(DepotInterface).GetMethod(nameof(DepotInterface.Keep))!, target);
        TimeSpan record = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();

        for (int i = 0; i < Repetitions; i++)
        {
            compiler.Compile("add", typeof(DepotInterface).GetMethod(nameof(DepotInterface.Add))!, target);
        }

        TimeSpan further = Stopwatch.GetElapsedTime(start) / Repetitions;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"first method {first.TotalMilliseconds:F1} ms, first with a record {record.TotalMilliseconds:F1} ms, each further one {further.TotalMilliseconds:F2} ms"));
    }
}
