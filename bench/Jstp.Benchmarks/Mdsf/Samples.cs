using System.Globalization;
using System.Text;

namespace Jstp.Benchmarks.Mdsf;

/// <summary>Values to read and write, as JSON; the same in every run.</summary>
internal static class Samples
{
    private const int Seed = 20;
    private const int LargeCount = 500;

    /// <summary>The arguments of a small call, one record with a bit of everything, or an array of 500 such records (some 90 KiB).</summary>
    public static string Json(string name) => name switch
    {
        "small" => "[\"abcdefghijklmnop\"]",
        "mixed" => Record(new Random(Seed)),
        "large" => LargeArray(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such sample."),
    };

    private static string LargeArray()
    {
        var random = new Random(Seed);
        return $"[{string.Join(',', Enumerable.Range(0, LargeCount).Select(_ => Record(random)))}]";
    }

    private static string Record(Random random)
    {
        var text = new StringBuilder("{\"id\":");
        text.Append(random.Next());
        text.Append(",\"name\":\"user ").Append(random.Next(1000)).Append("\",\"active\":").Append(random.Next(2) == 0 ? "true" : "false");
        text.Append(",\"balance\":").Append(random.NextDouble().ToString("R", CultureInfo.InvariantCulture));
        text.Append(",\"note\":\"line one\\nl'été, \\\"quoted\\\"\",\"tags\":[\"a\",\"bc\",\"def\"],\"parent\":null,\"place\":{\"x\":");
        text.Append(random.Next(100)).Append(",\"y\":-").Append(random.Next(1, 100)).Append("}}");
        return text.ToString();
    }
}
