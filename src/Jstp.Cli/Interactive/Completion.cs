namespace Jstp.Cli.Interactive;

/// <summary>What may stand before the cursor instead of what is typed there.</summary>
/// <param name="Start">From where on it would be replaced.</param>
/// <param name="Candidates">What it may become, in order.</param>
/// <param name="Suffix">What follows a candidate that is the only one.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Candidates, string Suffix)
{
    public static Completion None { get; } = new(0, [], "");

    /// <summary>What all candidates begin with.</summary>
    public string CommonPrefix => Candidates.Count == 0
        ? ""
        : Candidates.Aggregate(static (prefix, candidate) => prefix[..prefix.AsSpan().CommonPrefixLength(candidate)]);
}
