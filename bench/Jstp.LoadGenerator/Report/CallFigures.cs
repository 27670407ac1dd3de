namespace Jstp.LoadGenerator.Report;

/// <summary>What a run of calls measured, all within the same window of time.</summary>
internal sealed record CallFigures
{
    public required int Outstanding { get; init; }

    /// <summary>Length in bytes of the string in a call.</summary>
    public required int PayloadLength { get; init; }

    /// <summary>Length in seconds of the measured window.</summary>
    public required double Seconds { get; init; }

    /// <summary>Calls answered in the window.</summary>
    public required long Count { get; init; }

    public required double PerSecond { get; init; }

    /// <summary>Events that came in the window, divided by its length; null when calls draw none.</summary>
    public double? EventsPerSecond { get; init; }

    public required double P50Microseconds { get; init; }

    public required double P99Microseconds { get; init; }

    public required double MaxMicroseconds { get; init; }

    /// <summary>Processor time of the server divided by the calls; null when it was not asked for.</summary>
    public double? ServerCpuMicrosecondsPerCall { get; init; }

    /// <summary>Processor time of the server divided by the window: well below 1 it waited, for calls or for its core.</summary>
    public double? ServerLoad { get; init; }

    /// <summary>Likewise of the database; null when it was not asked for.</summary>
    public double? DatabaseLoad { get; init; }

    /// <summary>Share of the window in which the generator had something to do: near 1 it is the generator that was measured.</summary>
    public required double GeneratorLoad { get; init; }
}
