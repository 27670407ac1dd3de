using Jstp.LoadGenerator.Measurement;

namespace Jstp.LoadGenerator.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_OfNothing_IsZero() => Assert.Equal(0, new LatencyHistogram().Percentile(0.99));

    [Fact]
    public void Percentile_OfSmallDurations_IsExact()
    {
        var histogram = new LatencyHistogram();

        for (int i = 1; i <= 60; i++)
        {
            histogram.Record(i);
        }

        Assert.Equal(30, histogram.Percentile(0.5));
        Assert.Equal(60, histogram.Percentile(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000_003)]
    [InlineData(long.MaxValue)]
    public void Percentile_OfAnyDuration_IsAtMostOneThirtySecondTooHigh(long duration)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(duration);
        histogram.Record(long.MaxValue); // keeps the maximum from hiding how coarse the bucket is

        long percentile = histogram.Percentile(0.5);

        Assert.InRange(percentile, duration, duration + Math.Min(duration / 32, long.MaxValue - duration));
    }

    [Fact]
    public void Percentile_OfSeededDurations_AgreesWithSorting()
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        long[] durations = [.. Enumerable.Range(0, 10_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 9))];
        Array.ForEach(durations, histogram.Record);
        Array.Sort(durations);

        long p99 = histogram.Percentile(0.99);

        Assert.InRange(p99, durations[9_899], durations[9_899] * 33 / 32);
        Assert.Equal(durations[^1], histogram.Max);
    }

    [Fact]
    public void Reset_AfterRecording_ForgetsAll()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1000);

        histogram.Reset();

        Assert.Equal((0, 0, 0), (histogram.Count, histogram.Max, histogram.Percentile(1)));
    }
}
