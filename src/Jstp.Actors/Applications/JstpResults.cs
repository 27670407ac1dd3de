namespace Jstp.Actors.Applications;

/// <summary>What a method returns whose number of results is known only when it has run; where it is fixed, return a tuple.</summary>
public sealed class JstpResults
{
    /// <summary>Takes the results, each of which is written by its own type.</summary>
    public JstpResults(params ReadOnlySpan<object?> values) => Values = values.ToArray();

    /// <summary>The results in their order.</summary>
    public IReadOnlyList<object?> Values { get; }
}
