using System.Diagnostics;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;

namespace Jstp.StoreBenchmark;

/// <summary>
/// The work of a node in strict durability over 1,000 sessions: each batch has one message for each of some sessions. The clients acknowledge, so that
/// every sixteenth batch over the same sessions deletes what they have. Then all sessions are taken and let go, again and again.
/// </summary>
internal sealed class StoreRun(ISessionStore store, string name)
{
    private const int SessionCount = 1_000;
    private const int MessagesBetweenReleases = 16;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly byte[] Tail = ",'feed'],price:['ACME',123.45,'2026-11-21T12:00:00Z',17]}"u8.ToArray();

    private readonly long[] _magnitudes = new long[SessionCount];
    private readonly long[] _received = new long[SessionCount];
    private readonly long[] _epochs = Enumerable.Repeat(1L, SessionCount).ToArray();

    public async Task RunAsync()
    {
        await store.OpenAsync(CancellationToken.None);
        await using INodeMembership node = await store.JoinAsync("bench", CancellationToken.None);
        await WriteAsync([.. Enumerable.Range(0, SessionCount).Select(session => new SessionChange
        {
            Key = session,
            Epoch = 1,
            Creation = new SessionCreation($"session-{session}", "bench", null, node.Number),
            Transition = SessionTransition.Attached,
        })]);

        foreach (int batch in (int[])[50, 200, 1_000])
        {
            await MeasureAsync("append", batch, start => Append(start, batch));
        }

        await MeasureAsync("count of received", 200, start => Count(start, 200));

        foreach (int batch in (int[])[100, 1_000])
        {
            await MeasureTakesAsync(node.Number, batch);
        }
    }

    private static int At(int index) => index % SessionCount;

    private SessionChange[] Append(int start, int count) => [.. Enumerable.Range(start, count).Select(index =>
    {
        int session = At(index);
        long magnitude = ++_magnitudes[session];
        bool isReleasing = magnitude % MessagesBetweenReleases == 0;

        return new SessionChange
        {
            Key = session,
            Epoch = _epochs[session],
            Appended = [new OutgoingMessage(OutgoingKind.Event, magnitude, Tail)],
            Counts = isReleasing ? new SessionCounts(_received[session], magnitude - 1, magnitude) : null,
            ReleasedThrough = isReleasing ? magnitude - 1 : 0,
        };
    })];

    private SessionChange[] Count(int start, int count) => [.. Enumerable.Range(start, count).Select(index => new SessionChange
    {
        Key = At(index),
        Epoch = _epochs[At(index)],
        Counts = new SessionCounts(++_received[At(index)], 0, _magnitudes[At(index)]),
    })];

    private async Task MeasureAsync(string operation, int batch, Func<int, SessionChange[]> change)
    {
        int index = 0;
        int batches = 0;

        for (int warm = 0; warm < 20; warm++, index += batch)
        {
            await WriteAsync(change(index));
        }

        long start = Stopwatch.GetTimestamp();

        TimeSpan best = TimeSpan.MaxValue;

        for (; Stopwatch.GetElapsedTime(start) < Duration; batches++, index += batch)
        {
            SessionChange[] changes = change(index);
            long begin = Stopwatch.GetTimestamp();
            await WriteAsync(changes);
            best = Min(best, Stopwatch.GetElapsedTime(begin));
        }

        Print(operation, batch, batches, Stopwatch.GetElapsedTime(start), best);
    }

    private async Task MeasureTakesAsync(int node, int batch)
    {
        TimeSpan taking = TimeSpan.Zero;
        TimeSpan best = TimeSpan.MaxValue;
        int takes = 0;

        for (int index = 0; taking < Duration / 2; takes++, index += batch)
        {
            await WriteAsync([.. Enumerable.Range(index, batch).Select(i => new SessionChange { Key = At(i), Epoch = _epochs[At(i)], Transition = SessionTransition.Released })]);
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<SessionTakeResult> results = await store.TakeAsync(
                node, [.. Enumerable.Range(index, batch).Select(static i => new SessionTakeRequest($"session-{At(i)}"))], CancellationToken.None);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            taking += time;
            best = Min(best, time);

            foreach (SessionTakeResult result in results)
            {
                SessionRecord record = result.Record ?? throw new InvalidOperationException($"{result.Id} was not taken.");
                Check(record.Messages.Count == (int)(_magnitudes[record.Key] % MessagesBetweenReleases) + (_magnitudes[record.Key] < MessagesBetweenReleases ? 0 : 1), "messages are missing");
                _epochs[record.Key] = record.Epoch;
            }
        }

        Print("take", batch, takes, taking, best);
    }

    private async Task WriteAsync(SessionChange[] changes) => Check((await store.WriteAsync(changes, CancellationToken.None)).Count == 0, "changes were refused");

    private static void Check(bool condition, string failure)
    {
        if (!condition)
        {
            throw new InvalidOperationException(failure);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void Print(string operation, int batch, int batches, TimeSpan time, TimeSpan best) =>
        Console.WriteLine($"| {name} | {operation} | {batch} | {batches * batch / time.TotalSeconds:N0} | {time.TotalMilliseconds / batches:N2} | {best.TotalMilliseconds:N2} |");
}
