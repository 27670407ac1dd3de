using System.Numerics;

namespace Jstp.LoadGenerator.Measurement;

/// <summary>
/// Counts durations in buckets whose width grows with the duration, in the manner of HdrHistogram: a percentile is at most
/// 1/32 too high. Recording costs one increment.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[(64 - SubBucketBits) * SubBuckets];

    /// <summary>How many durations were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest duration recorded, exactly.</summary>
    public long Max { get; private set; }

    /// <summary>Records a duration, in whatever unit; negative ones count as 0.</summary>
    public void Record(long duration)
    {
        duration = Math.Max(duration, 0);
        Count++;
        Max = Math.Max(Max, duration);
        _counts[IndexOf(duration)]++;
    }

    /// <summary>The duration that this share of all durations does not exceed; 0 when nothing was recorded.</summary>
    /// <param name="fraction">Above 0, at most 1; 0.99 for the 99th percentile.</param>
    public long Percentile(double fraction)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long seen = 0;

        for (int i = 0; i < _counts.Length && Count > 0; i++)
        {
            seen += _counts[i];

            if (seen >= wanted)
            {
                return Math.Min(HighestIn(i), Max);
            }
        }

        return 0;
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_counts);
        Count = 0;
        Max = 0;
    }

    // Durations below SubBuckets have a bucket each; above, every power of two is cut into SubBuckets equal ones.
    private static int IndexOf(long duration)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)duration) - SubBucketBits);
        return (shift * SubBuckets) + (int)(duration >> shift);
    }

    private static long HighestIn(int index)
    {
        int shift = Math.Max(0, (index / SubBuckets) - 1);
        long position = index - (shift * SubBuckets);
        return ((position + 1) << shift) - 1;
    }
}
