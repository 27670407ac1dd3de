using System.Diagnostics;
using Jstp.Actors.Kernel;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Kernel;

/// <summary>Many threads against one actor: nothing lost, nothing out of order, nobody in it twice.</summary>
public sealed class StressTests
{
    private const int Senders = 4;

    private sealed record Numbered(int Sender, int Number);

    /// <summary>How a message takes its way in; rows of theories.</summary>
    public enum Way
    {
        Tell,
        Enter,
        Mixed,
    }

    [Theory]
    [InlineData(Way.Tell, false)]
    [InlineData(Way.Enter, false)]
    [InlineData(Way.Mixed, false)]
    [InlineData(Way.Tell, true)]
    [InlineData(Way.Enter, true)]
    [InlineData(Way.Mixed, true)]
    public async Task Send_FromManyThreads_KeepsOrderPerSenderAndOneTurnAtATime(Way way, bool sometimesAwaits)
    {
        const int Count = 50_000;
        await using var kit = new ActorTestKit();
        int[] next = new int[Senders];
        int inside = 0;
        int violations = 0;
        int handled = 0;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        async ValueTask HandleAsync(Numbered message)
        {
            violations += Interlocked.Increment(ref inside) == 1 ? 0 : 1;
            violations += next[message.Sender]++ == message.Number ? 0 : 1;

            if (sometimesAwaits && message.Number % 97 == 0)
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref inside);

            if (++handled == Senders * Count)
            {
                done.SetResult();
            }
        }

        ActorRef<Numbered> actor = kit.System.Spawn(
            "actor", () => new ScriptedActor<Numbered> { OnReceive = (_, message, _) => HandleAsync(message) });

        await RunSendersAsync(sender =>
        {
            for (int number = 0; number < Count; number++)
            {
                Send(actor, way, new Numbered(sender, number));
            }
        });
        await done.Task.WithinLimitAsync("all messages to be handled");

        Assert.Equal(0, violations);
        Assert.All(next, count => Assert.Equal(Count, count));
    }

    [Fact]
    public async Task Tell_MillionsOfMessagesOneAtATime_LosesNoWakeUp()
    {
        // Two pairs of actors play ping-pong: each message finds its actor about to fall asleep, which is where a wake-up could be lost.
        const int Rounds = 500_000;
        await using var kit = new ActorTestKit();

        Task[] games = [.. Enumerable.Range(0, 2).Select(_ => PlayAsync(kit.System, Rounds))];

        await Task.WhenAll(games).WithinLimitAsync("the games to end");
        Assert.All(games, game => Assert.True(game.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Tell_RacingWithTheActorsLastLookAtItsMailbox_LosesNoWakeUp()
    {
        // The sender waits for the answer only by spinning, so that the next message meets the actor in the act of leaving. On a machine that is busy with other
        // things a round can take a time slice: there are fewer then. A lost wake-up stops them for good.
        const int Rounds = 200_000;
        var longest = TimeSpan.FromSeconds(10);
        await using var kit = new ActorTestKit();
        int handled = 0;
        ActorRef<int> actor = kit.System.Spawn("actor", () => new ScriptedActor<int>
        {
            OnReceive = (_, number, _) =>
            {
                Volatile.Write(ref handled, number);
                return default;
            },
        });

        Task<int> sender = Task.Run(() =>
        {
            long started = Stopwatch.GetTimestamp();
            int number = 0;

            while (number < Rounds && Stopwatch.GetElapsedTime(started) < longest)
            {
                number++;

                if (number % 2 == 0)
                {
                    actor.Tell(number);
                }
                else
                {
                    actor.Enter(number);
                }

                var spin = default(SpinWait);

                while (Volatile.Read(ref handled) != number)
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }
            }

            return number;
        });

        Assert.Equal(await sender.WithinLimitAsync("every message to be handled"), handled);
    }

    [Fact]
    public async Task Send_ToAnActorThatKeepsFailing_LosesTheFailingMessagesOnly()
    {
        const int Count = 20_000;
        await using var kit = new ActorTestKit(options => options.DefaultSupervision = Supervised.AtOnce);
        kit.Logs.Allow(Supervised.Failed);
        int inside = 0;
        int violations = 0;
        int handled = 0;
        int failed = 0;
        ActorRef<Numbered> actor = kit.System.Spawn("actor", () => new ScriptedActor<Numbered>
        {
            OnReceive = async (_, message, _) =>
            {
                violations += Interlocked.Increment(ref inside) == 1 ? 0 : 1;

                if (message.Number % 50 == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref inside);

                if (message.Number % 100 == 0)
                {
                    failed++;
                    throw new InvalidOperationException("bug");
                }

                handled++;
            },
        });

        await RunSendersAsync(sender =>
        {
            for (int number = 0; number < Count; number++)
            {
                Send(actor, Way.Mixed, new Numbered(sender, number));
            }
        });
        await kit.SettleAsync();

        Assert.Equal(0, violations);
        Assert.Equal(Senders * Count / 100, failed);
        Assert.Equal(Senders * Count, handled + failed);
    }

    [Fact]
    public async Task SpawnAndStop_Racing_EndsWithEveryMessageHandledOrDead()
    {
        const int Count = 2_000;
        await using var kit = new ActorTestKit();
        int handled = 0;
        var stopped = new List<Task>();

        for (int i = 0; i < Count; i++)
        {
            ActorRef<int> actor = kit.System.Spawn(() => new ScriptedActor<int>
            {
                OnReceive = (_, _, _) =>
                {
                    Interlocked.Increment(ref handled);
                    return default;
                },
            });
            var start = new ManualResetEventSlim();
            Task teller = Task.Run(() =>
            {
                start.Wait();
                actor.Tell(1);
                actor.Enter(2);
                actor.Tell(3);
            });
            Task stopper = Task.Run(() =>
            {
                start.Wait();
                actor.Stop();
            });
            start.Set();
            stopped.Add(Task.WhenAll(teller, stopper, actor.Stopped));
        }

        await Task.WhenAll(stopped).WithinLimitAsync("all actors to stop");

        Assert.Equal(3 * Count, handled + kit.System.DeadLetterCount);
    }

    private static void Send(ActorRef<Numbered> actor, Way way, Numbered message)
    {
        if (way == Way.Enter || (way == Way.Mixed && message.Number % 3 == 0))
        {
            actor.Enter(message);
        }
        else
        {
            actor.Tell(message);
        }
    }

    private static Task RunSendersAsync(Action<int> send) => Task.WhenAll(
        Enumerable.Range(0, Senders).Select(sender => Task.Factory.StartNew(
            () => send(sender), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)))
        .WithinLimitAsync("the senders to finish");

    private static Task PlayAsync(ActorSystem system, int rounds)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ActorRef<int>? ping = null;
        ActorRef<int> pong = system.Spawn(() => new ScriptedActor<int>
        {
            OnReceive = (_, round, _) =>
            {
                ping!.Tell(round + 1);
                return default;
            },
        });
        ping = system.Spawn(() => new ScriptedActor<int>
        {
            OnReceive = (_, round, _) =>
            {
                if (round < rounds)
                {
                    pong.Tell(round);
                }
                else
                {
                    over.SetResult();
                }

                return default;
            },
        });
        ping.Tell(0);
        return over.Task;
    }
}
