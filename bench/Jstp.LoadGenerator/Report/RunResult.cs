namespace Jstp.LoadGenerator.Report;

/// <summary>One line of output: a measured run, of calls or of idle connections.</summary>
internal sealed record RunResult
{
    public required string Server { get; init; }

    public required string Scenario { get; init; }

    public required string Protocol { get; init; }

    public required int Connections { get; init; }

    /// <summary>Answers that were wrong, calls that got none, and connections that ended.</summary>
    public required long Errors { get; init; }

    /// <summary>What the first error was.</summary>
    public string? FirstError { get; init; }

    /// <summary>What was measured, when the run made calls.</summary>
    public CallFigures? Calls { get; init; }

    /// <summary>What was measured, when the connections were idle.</summary>
    public MemoryFigures? Memory { get; init; }
}
