namespace Jstp.Benchmarks;

/// <summary>Stops a benchmark whose subject gives a wrong answer, before it is timed.</summary>
internal static class Check
{
    /// <exception cref="InvalidOperationException">The condition does not hold.</exception>
    public static void That(bool condition, string claim)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Does not hold: {claim}");
        }
    }
}
