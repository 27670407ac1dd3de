using System.Collections.Concurrent;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.Actors.Tests.Sessions.Model;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>
/// A client that does what the reference client does, over a network that goes away at any moment in either direction: with kept answers each call runs exactly once,
/// and its caller gets its answer (protocol page, 10.6).
/// </summary>
public sealed class ExactlyOnceTests
{
    private const int Histories = 50;
    private const int Steps = 60;
    private const int MaxRounds = 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RandomHistoriesOnOneNode_EveryCallRunsOnceAndIsAnswered(int block)
    {
        for (int seed = block * Histories; seed < (block + 1) * Histories; seed++)
        {
            var world = new World(seed);
            await using var server = new JstpTestServer(world.Configure, World.Configure);
            await world.RunAsync([server], server.SettleAsync);
        }
    }

    // What still runs when the session moves is another matter: nobody can tell what becomes of it.
    [Theory]
    [InlineData(SessionDurability.OnDisconnect)]
    [InlineData(SessionDurability.Continuous)]
    [InlineData(SessionDurability.Strict)]
    public async Task RandomHistoriesAcrossNodes_EveryCallRunsOnceAndIsAnswered(SessionDurability durability)
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            var world = new World(seed) { HasLongCalls = false };
            await using var cluster = new JstpTestCluster(durability, world.Configure, World.Configure);
            await world.RunAsync([.. cluster.Nodes], () => cluster.AdvanceAsync(TimeSpan.FromMilliseconds(20)));
        }
    }

    private sealed class World(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly ConcurrentDictionary<int, int> _runs = new();
        private readonly ConcurrentQueue<TaskCompletionSource> _running = new();
        private readonly ReferenceClient _client = new();
        private int _last;
        private int _callCount;

        public bool HasLongCalls { get; init; } = true;

        public static void Configure(Jstp.Actors.Hosting.JstpServerOptions options)
        {
            options.KeepAnswers = true;
            options.AcknowledgePingMessages = 4;
        }

        public void Configure(JstpApplicationBuilder application) => application.AddInterface("i", i => i
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
                _running.Enqueue(end);
                Run(number);
                await end.Task;

                return number;
            })
            .OnEvent("note", (int number) => { Run(number); }));

        public async Task RunAsync(JstpTestServer[] nodes, Func<Task> settleAsync)
        {
            await _client.OpenAsync(nodes[0]);
            await settleAsync(); // or no other node would know the session

            for (int step = 0; step < Steps; step++)
            {
                await StepAsync(nodes, settleAsync);
            }

            await _client.ReconnectAsync(_random.GetItems(nodes, 1)[0]);

            // Each round a message goes back and forth: what was postponed runs, its answers wait for a pong.
            for (int round = 0; round < MaxRounds && (round < 3 || _client.PendingCount > 0); round++)
            {
                while (_running.TryDequeue(out TaskCompletionSource? end))
                {
                    end.SetResult();
                }

                await settleAsync();
                _client.Read(int.MaxValue);
            }

            Check();
        }

        private async Task StepAsync(JstpTestServer[] nodes, Func<Task> settleAsync)
        {
            switch (_random.Next(14))
            {
                case 0 or 1 or 2:
                    Call("now");
                    break;
                case 3 or 4:
                    Call(HasLongCalls ? "later" : "now");
                    break;
                case 5:
                    _client.Emit("note", ++_last);
                    break;
                case 6:
                    _client.Ping();
                    break;
                case 7:
                    _client.GoDeaf();
                    break;
                case 8:
                    await _client.ReconnectAsync(_random.GetItems(nodes, 1)[0]);
                    break;
                case 9 or 10 when _running.TryDequeue(out TaskCompletionSource? end):
                    end.SetResult();
                    break;
                case 11:
                    await settleAsync();
                    break;
                default:
                    _client.Read(_random.Next(1, 6));
                    break;
            }
        }

        private void Call(string method)
        {
            _client.Call(method, ++_last);
            _callCount++;
        }

        private int Run(int number)
        {
            _runs.AddOrUpdate(number, 1, static (_, count) => count + 1);

            return number;
        }

        private void Check()
        {
            Assert.True(_client.PendingCount == 0, $"Seed {seed}: {_client.PendingCount} calls have no answer.");
            Assert.All(
                _client.Outcomes,
                outcome => Assert.True(outcome.Number == outcome.Outcome, $"Seed {seed}: call {outcome.Number} got {outcome.Outcome?.ToString() ?? "-1"}."));
            Assert.Equal(_callCount, _client.Outcomes.Count);
            Assert.All(Enumerable.Range(1, _last), number => Assert.True(_runs.GetValueOrDefault(number) == 1, $"Seed {seed}: {number} ran {_runs.GetValueOrDefault(number)} times."));
        }
    }
}
