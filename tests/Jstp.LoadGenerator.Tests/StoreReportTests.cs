using Jstp.LoadGenerator.Report;

namespace Jstp.LoadGenerator.Tests;

public sealed class StoreReportTests
{
    [Fact]
    public void Create_TwoStoresInTwoModes_ShowsRatiosToTheMemory()
    {
        RunResult[] runs =
        [
            Run("memory, OnDisconnect", 1000), Run("memory, Strict", 500), Run("postgres, Strict", 100),
            Run("memory, OnDisconnect", 1000), Run("memory, Strict", 500), Run("postgres, Strict", 300),
        ];

        string[] lines = StoreReport.Create(runs).Split('\n');

        Assert.StartsWith("| store, mode | events/s |", lines[2], StringComparison.Ordinal);
        Assert.Contains("| memory, OnDisconnect | 1,000 | 1,000 to 1,000 | 1.00 | 1.00 | 10.0 | 20.0 | 90 % | – | 50 % |", lines);
        Assert.Contains("| postgres, Strict | 200 | 100 to 300 | 0.20 | 0.40 | 10.0 | 20.0 | 90 % | – | 50 % |", lines);
    }

    [Fact]
    public void Create_WithoutTheMemory_LeavesTheRatiosOut() =>
        Assert.Contains("| sqlite, Strict | 7 | 7 to 7 | – | – | 10.0 | 20.0 | 90 % | – | 50 % |", StoreReport.Create([Run("sqlite, Strict", 7)]).Split('\n'));

    private static RunResult Run(string server, double eventsPerSecond) => new()
    {
        Server = server,
        Scenario = "1000 sessions",
        Protocol = "jstp",
        Connections = 1000,
        Errors = 0,
        Calls = new CallFigures
        {
            Outstanding = 1,
            PayloadLength = 0,
            Seconds = 5,
            Count = 1,
            PerSecond = 1,
            EventsPerSecond = eventsPerSecond,
            P50Microseconds = 10_000,
            P99Microseconds = 20_000,
            MaxMicroseconds = 30_000,
            ServerLoad = 0.9,
            GeneratorLoad = 0.5,
        },
    };
}
