using System.Diagnostics;
using System.Globalization;
using Jstp.Client.Connections;
using Jstp.Client.Remote;

namespace Jstp.ClientBenchmark;

/// <summary>Keeps so many calls on their way over one connection, each with an answer that is compared.</summary>
internal sealed class ClientLoad(JstpClientConnection connection, int outstanding)
{
    private const string Payload = "0123456789abcdef";

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);

    private readonly JstpRemoteProxy _echo = connection.GetProxy("echo");
    private volatile bool _isMeasuring;
    private volatile bool _isOver;

    /// <summary>Runs the load.</summary>
    /// <returns>Calls a second, and the median and 99th percentile of the latency in microseconds.</returns>
    public async Task<string> RunAsync(TimeSpan length)
    {
        Task<List<long>>[] callers = [.. Enumerable.Range(0, outstanding).Select(_ => CallAsync())];
        await Task.Delay(Warmup);
        long start = Stopwatch.GetTimestamp();
        _isMeasuring = true;
        await Task.Delay(length);
        _isOver = true;
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long[] times = [.. (await Task.WhenAll(callers)).SelectMany(static times => times).Order()];

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{times.Length / elapsed:F0} {Microseconds(times[times.Length / 2]):F0} {Microseconds(times[(int)(times.Length * 0.99)]):F0}");
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private async Task<List<long>> CallAsync()
    {
        var times = new List<long>(1 << 16);

        while (!_isOver)
        {
            long start = Stopwatch.GetTimestamp();
            string answer = await _echo.CallAsync<string>("value", Payload);

            if (answer != Payload)
            {
                throw new InvalidDataException("The server has answered something else.");
            }

            if (_isMeasuring)
            {
                times.Add(Stopwatch.GetTimestamp() - start);
            }
        }

        return times;
    }
}
