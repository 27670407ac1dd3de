using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Jstp.EchoBenchmark;

/// <summary>Keeps messages on their way on every connection and counts what comes back; looks at no more than frame headers.</summary>
internal sealed class EchoLoad
{
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(2);

    private readonly LoadSettings _settings;
    private readonly byte[] _frame;
    private long _answers;

    private EchoLoad(LoadSettings settings)
    {
        _settings = settings;
        _frame = CreateFrame(settings);
    }

    /// <summary>Runs the load.</summary>
    /// <returns>Messages a second, and microseconds of the server's processor time a message.</returns>
    public static async Task<string> RunAsync(LoadSettings settings)
    {
        var load = new EchoLoad(settings);
        using var stop = new CancellationTokenSource();
        EchoPeer[] peers = await Task.WhenAll(Enumerable.Range(0, settings.Connections).Select(_ => EchoPeer.ConnectAsync(settings.Url, settings.Deflate)));
        Task all = Task.WhenAll(peers.Select(peer => load.DriveAsync(peer, stop.Token)));

        await Task.Delay(Warmup);
        (long count, TimeSpan processor, long start) = (Interlocked.Read(ref load._answers), load.ReadServerTime(), Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(settings.Seconds));
        count = Interlocked.Read(ref load._answers) - count;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        processor = load.ReadServerTime() - processor;

        await stop.CancelAsync();
        await all;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count / elapsed.TotalSeconds:F0} {(count == 0 ? 0 : processor.TotalMicroseconds / count):F2}");
    }

    private static byte[] CreateFrame(LoadSettings settings)
    {
        // Text that compresses about as well as JSON does.
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1 + (settings.Size / 10)).Select(i => $"{{\"id\":{i * 7919 % 1000}}}")));
        byte[] payload = text[..Math.Min(settings.Size, text.Length)];
        bool compress = settings.Deflate && settings.Size >= 1024; // as servers do by default

        return EchoPeer.Frame(compress ? Deflate(payload) : payload, compress);
    }

    private static byte[] Deflate(byte[] payload)
    {
        using var output = new MemoryStream();
        using var deflate = new DeflateStream(output, CompressionLevel.Fastest, leaveOpen: true);
        deflate.Write(payload);
        deflate.Flush();
        return output.ToArray()[..^4];
    }

    private async Task DriveAsync(EchoPeer peer, CancellationToken stop)
    {
        byte[] many = [.. Enumerable.Repeat(_frame, _settings.Outstanding).SelectMany(frame => frame)];

        try
        {
            await peer.SendAsync(many, stop);

            while (true)
            {
                int answers = await peer.ReceiveAsync(stop);
                Interlocked.Add(ref _answers, answers);
                await peer.SendAsync(many.AsMemory(0, answers * _frame.Length), stop);
            }
        }
        catch (OperationCanceledException)
        {
            peer.Dispose();
        }
    }

    private TimeSpan ReadServerTime()
    {
        if (_settings.Pid == 0)
        {
            return TimeSpan.Zero;
        }

        using Process process = Process.GetProcessById(_settings.Pid);
        return process.TotalProcessorTime;
    }
}
