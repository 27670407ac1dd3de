using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Commands;

/// <summary>Times of pings, and what they come to.</summary>
internal sealed class PingTimes
{
    private readonly List<TimeSpan> _times = [];

    public void Add(TimeSpan time) => _times.Add(time);

    /// <summary>Milliseconds, to the microsecond.</summary>
    public static double ToMilliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    /// <summary>Count, least, average, 99th percentile (nearest rank) and greatest. There is at least one time.</summary>
    public MdsfValue Summarize()
    {
        TimeSpan[] sorted = [.. _times.Order()];
        int rank = (int)Math.Ceiling(sorted.Length * 0.99);

        return MdsfValue.CreateObject(
            ("count", sorted.Length),
            ("min", ToMilliseconds(sorted[0])),
            ("avg", ToMilliseconds(TimeSpan.FromTicks((long)sorted.Average(static time => time.Ticks)))),
            ("p99", ToMilliseconds(sorted[rank - 1])),
            ("max", ToMilliseconds(sorted[^1])));
    }
}
