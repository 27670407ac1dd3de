using System.Collections.Concurrent;
using Jstp.Actors.Connections;
using Jstp.Actors.Tests.Sessions.Model;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>
/// A client that does what the reference client does, over a network that goes away at any moment in either direction: with kept answers each call runs exactly once,
/// and its caller gets its answer (protocol page, 10.6).
/// </summary>
public sealed class ExactlyOnceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RandomHistories_EveryCallRunsOnceAndIsAnswered(int block)
    {
        const int Histories = 50;

        for (int seed = block * Histories; seed < (block + 1) * Histories; seed++)
        {
            await RunAsync(seed);
        }
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        ConcurrentDictionary<int, int> runs = new();
        ConcurrentQueue<TaskCompletionSource> running = new();
        await using var server = new JstpTestServer(
            app => app.AddInterface("i", i => i
                .Method("now", (JstpConnection client, int number) =>
                {
                    if (number % 5 == 0)
                    {
                        client.Emit("i", "said", number);
                    }

                    return Run(number);
                })
                .Method("later", async (int number) =>
                {
                    var end = new TaskCompletionSource();
                    running.Enqueue(end);
                    Run(number);
                    await end.Task;

                    return number;
                })
                .OnEvent("note", (int number) => { Run(number); })),
            static options =>
            {
                options.KeepAnswers = true;
                options.AcknowledgePingMessages = 4;
            });
        var client = new ReferenceClient(server);
        await client.OpenAsync();
        int calls = 0;
        int last = 0;

        for (int step = 0; step < 60; step++)
        {
            switch (random.Next(14))
            {
                case 0 or 1 or 2:
                    client.Call("now", ++last);
                    calls++;
                    break;
                case 3 or 4:
                    client.Call("later", ++last);
                    calls++;
                    break;
                case 5:
                    client.Emit("note", ++last);
                    break;
                case 6:
                    client.Ping();
                    break;
                case 7:
                    client.GoDeaf();
                    break;
                case 8:
                    await client.ReconnectAsync();
                    break;
                case 9 or 10 when running.TryDequeue(out TaskCompletionSource? end):
                    end.SetResult();
                    break;
                case 11:
                    await server.SettleAsync();
                    break;
                default:
                    client.Read(random.Next(1, 6));
                    break;
            }
        }

        await client.ReconnectAsync();

        for (int quiet = 0; quiet < 3; quiet++)
        {
            while (running.TryDequeue(out TaskCompletionSource? end))
            {
                end.SetResult();
            }

            await server.SettleAsync();
            client.Read(int.MaxValue);
        }

        Assert.True(client.PendingCount == 0, $"Seed {seed}: {client.PendingCount} calls have no answer.");
        Assert.All(client.Outcomes, outcome => Assert.True(outcome.Number == outcome.Outcome, $"Seed {seed}: call {outcome.Number} got {outcome.Outcome?.ToString() ?? "-1"}."));
        Assert.Equal(calls, client.Outcomes.Count);
        Assert.All(Enumerable.Range(1, last), number => Assert.True(runs.GetValueOrDefault(number) == 1, $"Seed {seed}: {number} ran {runs.GetValueOrDefault(number)} times."));

        int Run(int number)
        {
            runs.AddOrUpdate(number, 1, static (_, count) => count + 1);

            return number;
        }
    }
}
