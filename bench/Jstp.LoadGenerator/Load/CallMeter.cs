using Jstp.LoadGenerator.Measurement;

namespace Jstp.LoadGenerator.Load;

/// <summary>What all connections of a run count together. One thread uses it.</summary>
internal sealed class CallMeter
{
    /// <summary>Latencies of the calls answered, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Events that came.</summary>
    public long EventCount { get; set; }

    /// <summary>Whether an answered call is followed by the next one.</summary>
    public bool IssuesCalls { get; set; } = true;

    /// <summary>Answers that were wrong, and connections that ended.</summary>
    public long Errors { get; private set; }

    /// <summary>What the first error was, or null.</summary>
    public string? FirstError { get; private set; }

    /// <summary>Counts an error.</summary>
    public void Fail(string error)
    {
        Errors++;
        FirstError ??= error;
    }
}
