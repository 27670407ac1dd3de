using System.Diagnostics;
using Jstp.LoadGenerator.Load;
using Jstp.LoadGenerator.Report;

namespace Jstp.LoadGenerator.Measurement;

/// <summary>Carries out the commands <c>load</c> and <c>idle</c>.</summary>
internal static class Runner
{
    private static readonly TimeSpan BaselineSettling = TimeSpan.FromSeconds(2);

    /// <summary>Keeps calls outstanding, and measures behind the warm-up.</summary>
    /// <exception cref="LoadException">The server refuses a connection or is gone.</exception>
    public static RunResult MeasureCalls(LoadOptions options)
    {
        using var loop = new EventLoop(options.Url!, options.CreateScript(), options.Outstanding);
        loop.Open(options.Connections);
        loop.Start();
        Func<TimeSpan, TimeSpan> run = options.Sleeps ? loop.RunIdly : loop.RunBusily;
        run(options.Warmup);

        ProcessTree? server = options.ServerProcessId is { } id ? new ProcessTree(id) : null;
        ProcessTree? database = options.DatabaseProcessId is { } databaseId ? new ProcessTree(databaseId) : null;
        double serverBefore = server?.ReadProcessorSeconds() ?? 0;
        double databaseBefore = database?.ReadProcessorSeconds() ?? 0;
        long eventsBefore = loop.Meter.EventCount;
        TimeSpan busyBefore = loop.BusyTime;
        LatencyHistogram latencies = loop.Meter.Latencies;
        latencies.Reset();

        TimeSpan elapsed = run(options.Duration);

        long count = latencies.Count;
        TimeSpan busy = loop.BusyTime - busyBefore;
        double? serverSeconds = server?.ReadProcessorSeconds() - serverBefore;

        var figures = new CallFigures
        {
            Outstanding = options.Outstanding,
            PayloadLength = options.PayloadLength,
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            Count = count,
            PerSecond = Math.Round(count / elapsed.TotalSeconds, 1),
            P50Microseconds = Microseconds(latencies.Percentile(0.5)),
            P99Microseconds = Microseconds(latencies.Percentile(0.99)),
            MaxMicroseconds = Microseconds(latencies.Max),
            ServerCpuMicrosecondsPerCall = count > 0 ? serverSeconds / count * 1e6 : null,
            ServerLoad = serverSeconds / elapsed.TotalSeconds,
            DatabaseLoad = (database?.ReadProcessorSeconds() - databaseBefore) / elapsed.TotalSeconds,
            EventsPerSecond = options.EventCount > 0 ? Math.Round((loop.Meter.EventCount - eventsBefore) / elapsed.TotalSeconds, 1) : null,
            GeneratorLoad = Math.Round(busy / elapsed, 3),
        };

        loop.Drain();
        return Result(options, loop) with { Calls = figures };
    }

    /// <summary>
    /// Opens connections, lets the server settle, and reads how its memory grew. The baseline has connections too, so that code
    /// and pools that the first ones bring to life are no part of the difference.
    /// </summary>
    /// <exception cref="LoadException">The server refuses a connection or is gone, or its process is not named.</exception>
    public static RunResult MeasureIdle(LoadOptions options)
    {
        var server = new ProcessTree(options.ServerProcessId ?? throw new LoadException("--server-pid is missing."));
        using var loop = new EventLoop(options.Url!, options.CreateScript(), window: 0);
        loop.Open(options.Baseline);
        loop.RunIdly(BaselineSettling);
        (long residentBefore, long proportionalBefore) = server.ReadMemory();

        loop.Open(options.Connections);
        loop.RunIdly(options.Duration);
        (long residentAfter, long proportionalAfter) = server.ReadMemory();

        return Result(options, loop) with
        {
            Memory = new MemoryFigures
            {
                ResidentBefore = residentBefore,
                ResidentAfter = residentAfter,
                ProportionalBefore = proportionalBefore,
                ProportionalAfter = proportionalAfter,
                ResidentPerConnection = (residentAfter - residentBefore) / (double)options.Connections,
                ProportionalPerConnection = (proportionalAfter - proportionalBefore) / (double)options.Connections,
            },
        };
    }

    private static RunResult Result(LoadOptions options, EventLoop loop) => new()
    {
        Server = options.Server,
        Scenario = options.Scenario,
        Protocol = options.Protocol,
        Connections = options.Connections,
        Errors = loop.Meter.Errors,
        FirstError = loop.Meter.FirstError,
    };

    private static double Microseconds(long stopwatchTicks) =>
        Math.Round(stopwatchTicks * 1e6 / Stopwatch.Frequency, 1);
}
