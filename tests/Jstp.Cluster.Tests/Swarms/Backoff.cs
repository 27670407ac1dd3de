namespace Jstp.Cluster.Tests.Swarms;

/// <summary>How long a client waits before it comes back (protocol page, section 12): a base that doubles with each failure, and a random part.</summary>
/// <param name="Base">The first base, and that after a success.</param>
/// <param name="Jitter">The most that chance adds.</param>
/// <param name="Limit">The most that the base becomes.</param>
internal readonly record struct Backoff(TimeSpan Base, TimeSpan Jitter, TimeSpan Limit)
{
    /// <summary>That of the reference client.</summary>
    public static Backoff Reference { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(32));

    /// <summary>A tenth of it, for scenarios in which sessions move again and again.</summary>
    public static Backoff Brisk { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="failures">How many attempts failed since the last success.</param>
    /// <param name="random">The chance.</param>
    public TimeSpan Next(int failures, Random random)
    {
        TimeSpan doubled = Base * Math.Pow(2, Math.Min(failures, 16));

        return (doubled < Limit ? doubled : Limit) + (Jitter * random.NextDouble());
    }
}
