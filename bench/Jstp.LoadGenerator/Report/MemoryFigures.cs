namespace Jstp.LoadGenerator.Report;

/// <summary>What idle connections cost a server's memory, in bytes.</summary>
internal sealed record MemoryFigures
{
    public required long ResidentBefore { get; init; }

    public required long ResidentAfter { get; init; }

    public required long ProportionalBefore { get; init; }

    public required long ProportionalAfter { get; init; }

    /// <summary>Growth of resident memory, divided by the connections.</summary>
    public required double ResidentPerConnection { get; init; }

    /// <summary>Growth of proportional memory, divided by the connections.</summary>
    public required double ProportionalPerConnection { get; init; }
}
