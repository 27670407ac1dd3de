using Jstp.LoadGenerator.Report;

namespace Jstp.LoadGenerator.Tests;

public sealed class ComparisonReportTests
{
    [Fact]
    public void Create_ThreeRoundsOfTwoServers_ShowsMediansAndRatios()
    {
        RunResult[] runs =
        [
            Run("JstpActors", 1_000_000), Run("reference", 100_000),
            Run("JstpActors", 900_000), Run("reference", 90_000),
            Run("JstpActors", 100), Run("reference", 110_000),
        ];

        string[] lines = ComparisonReport.Create(runs).Split('\n');

        Assert.Contains("| JstpActors | 900,000 | 100 to 1,000,000 | 1.50 | 10 | 20 | 90 % | 50 % | 9.00 | – | – |", lines);
        Assert.Contains("| reference | 100,000 | 90,000 to 110,000 | 1.50 | 10 | 20 | 90 % | 50 % | 1.00 | – | – |", lines);
    }

    [Fact]
    public void Create_RunWithErrors_ShowsThem()
    {
        RunResult run = Run("reference", 1) with { Errors = 3, FirstError = "Not an answer: {}" };

        string report = ComparisonReport.Create([run]);

        Assert.Contains("**reference: 3 errors**, first: Not an answer: {}", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_IdleConnections_ShowsKibibytesOfEach()
    {
        var run = new RunResult
        {
            Server = "reference",
            Scenario = "idle",
            Protocol = "jstp",
            Connections = 1024,
            Errors = 0,
            Memory = new MemoryFigures
            {
                ResidentBefore = 0,
                ResidentAfter = 20 << 20,
                ProportionalBefore = 0,
                ProportionalAfter = 10 << 20,
                ResidentPerConnection = 20 << 10,
                ProportionalPerConnection = 10 << 10,
            },
        };

        string[] lines = ComparisonReport.Create([run]).Split('\n');

        Assert.Contains("| reference | 10.0 | 20.0 | 0.0 | 10.0 | 1.00 | – | – |", lines);
    }

    private static RunResult Run(string server, double callsPerSecond) => new()
    {
        Server = server,
        Scenario = "100 × 16",
        Protocol = "jstp",
        Connections = 100,
        Errors = 0,
        Calls = new CallFigures
        {
            Outstanding = 16,
            PayloadLength = 16,
            Seconds = 5,
            Count = 1,
            PerSecond = callsPerSecond,
            P50Microseconds = 10,
            P99Microseconds = 20,
            MaxMicroseconds = 30,
            ServerCpuMicrosecondsPerCall = 1.5,
            ServerLoad = 0.9,
            GeneratorLoad = 0.5,
        },
    };
}
