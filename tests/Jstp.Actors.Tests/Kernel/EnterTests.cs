using Jstp.Actors.Kernel;
using Jstp.Actors.Kernel.Internal;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Puppet;

namespace Jstp.Actors.Tests.Kernel;

public sealed class EnterTests
{
    [Fact]
    public async Task Enter_IdleActor_RunsTheTurnOnTheCallingThreadBeforeReturning()
    {
        await using var kit = new ActorTestKit();
        int? thread = null;
        ActorRef<int> actor = kit.System.Spawn(() => Handling<int>((_, _) => thread = Environment.CurrentManagedThreadId));
        await kit.SettleAsync();

        int caller = Environment.CurrentManagedThreadId;
        actor.Enter(1);

        Assert.Equal(caller, thread);
    }

    [Fact]
    public async Task Enter_ActorNotStartedYet_QueuesBehindTheStart()
    {
        await using var kit = new ActorTestKit();
        var gate = new TaskCompletionSource();
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<int> actor = kit.System.Spawn(() => new ScriptedActor<int>
        {
            OnStart = async (_, _) =>
            {
                await gate.Task;
                probe.Ref.Tell("started");
            },
            OnReceive = (_, message, _) => Do(() => probe.Ref.Tell($"received {message}")),
        });

        actor.Enter(1);
        gate.SetResult();

        Assert.Equal(["started", "received 1"], await probe.ExpectMessagesAsync(2));
    }

    [Fact]
    public async Task Enter_FromWithinTheActorsOwnTurn_IsHandledAfterIt()
    {
        await using var kit = new ActorTestKit();
        var order = new List<string>();
        ActorRef<int> actor = kit.System.Spawn(() => Handling<int>((context, message) =>
        {
            order.Add($"begin {message}");

            if (message < 3)
            {
                context.Self.Enter(message + 1);
            }

            order.Add($"end {message}");
        }));
        await kit.SettleAsync();

        actor.Enter(1);

        Assert.Equal(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"], order);
    }

    [Fact]
    public async Task Enter_WhileATurnAwaits_WaitsBehindWhatWasQueuedBefore()
    {
        await using var kit = new ActorTestKit();
        var gate = new TaskCompletionSource();
        TestProbe<int> probe = kit.CreateProbe<int>();
        ActorRef<int> actor = kit.System.Spawn(() => new ScriptedActor<int>
        {
            OnReceive = async (_, message, _) =>
            {
                if (message == 1)
                {
                    await gate.Task;
                }

                probe.Ref.Tell(message);
            },
        });
        await kit.SettleAsync();

        actor.Enter(1);
        actor.Tell(2);
        actor.Enter(3);
        actor.Tell(4);
        gate.SetResult();

        Assert.Equal([1, 2, 3, 4], await probe.ExpectMessagesAsync(4));
    }

    [Fact]
    public async Task Enter_TurnThatAwaits_ContinuesTheBatchWhereTheTaskCompletes()
    {
        await using var kit = new ActorTestKit();
        var gate = new TaskCompletionSource();
        int? thread = null;
        ActorRef<int> actor = kit.System.Spawn(() => new ScriptedActor<int>
        {
            OnReceive = (_, message, _) =>
            {
                thread = Environment.CurrentManagedThreadId;
                return message == 1 ? new ValueTask(gate.Task) : default;
            },
        });
        await kit.SettleAsync();
        actor.Enter(1);
        actor.Tell(2);
        thread = null;

        int caller = Environment.CurrentManagedThreadId;
        gate.SetResult();

        Assert.Equal(caller, thread);
    }

    [Fact]
    public async Task Enter_MessagesThatArriveMeanwhile_AreHandledOnTheCallingThreadUpToTheBatchLimit()
    {
        await using var kit = new ActorTestKit(options => options.Throughput = 4);
        var inline = new List<int>();
        int? caller = null;
        int handled = 0;
        ActorRef<int> actor = kit.System.Spawn(() => Handling<int>((context, message) =>
        {
            if (message == 0)
            {
                foreach (int number in Enumerable.Range(1, 10))
                {
                    context.Self.Tell(number);
                }
            }

            if (Environment.CurrentManagedThreadId == caller)
            {
                inline.Add(message);
            }

            handled++;
        }));
        await kit.SettleAsync();

        // A thread of its own, which no worker of the pool can be taken for.
        var thread = new Thread(() =>
        {
            caller = Environment.CurrentManagedThreadId;
            actor.Enter(0);
            caller = null;
        });
        thread.Start();
        thread.Join();
        await kit.SettleAsync();

        Assert.Equal([0, 1, 2, 3, 4], inline);
        Assert.Equal(11, handled);
    }

    [Fact]
    public async Task Enter_OfAnotherActorFromATurn_RunsNestedUpToTheDepthLimit()
    {
        await using var kit = new ActorTestKit();
        var inline = new List<int>();
        int? caller = null;
        ActorRef<int>? next = null;
        var handled = new TaskCompletionSource();

        foreach (int depth in Enumerable.Range(0, TurnScope.MaxDepth + 2).Reverse())
        {
            ActorRef<int>? inner = next;
            next = kit.System.Spawn(() => Handling<int>((_, message) =>
            {
                if (Environment.CurrentManagedThreadId == caller)
                {
                    inline.Add(message);
                }

                if (inner is null)
                {
                    handled.SetResult();
                }

                inner?.Enter(message + 1);
            }));
        }

        await kit.SettleAsync();
        var thread = new Thread(() =>
        {
            caller = Environment.CurrentManagedThreadId;
            next!.Enter(0);
            caller = null;
        });
        thread.Start();
        thread.Join();
        await handled.Task.WithinLimitAsync("the innermost actor");

        Assert.Equal(Enumerable.Range(0, TurnScope.MaxDepth), inline);
    }

    [Fact]
    public async Task Enter_TurnThatThrows_NeverThrowsAtTheCaller()
    {
        await using var kit = new ActorTestKit();
        kit.Logs.Allow(1000);
        int handled = 0;
        ActorRef<int> actor = kit.System.Spawn(() => Handling<int>((_, message) =>
            handled = message > 0 ? message : throw new InvalidOperationException("bug")));
        await kit.SettleAsync();

        actor.Enter(0);
        await kit.AdvanceAsync(SupervisionStrategy.Default.MinBackoff);
        actor.Enter(7);

        Assert.Equal(7, handled);
    }

    [Fact]
    public async Task Enter_SuspendedActor_QueuesBehindItsBacklog()
    {
        await using var kit = new ActorTestKit();
        kit.Logs.Allow(1000);
        var handled = new List<int>();
        ActorRef<int> actor = kit.System.Spawn(() => Handling<int>((_, message) =>
        {
            handled.Add(message > 0 ? message : throw new InvalidOperationException("bug"));
        }));
        actor.Tell(0);
        actor.Tell(1);
        await kit.SettleAsync();

        actor.Enter(2);
        actor.Tell(3);
        actor.Enter(4);
        Assert.Empty(handled);
        await kit.AdvanceAsync(SupervisionStrategy.Default.MinBackoff);

        Assert.Equal([1, 2, 3, 4], handled);
    }

    [Fact]
    public async Task IsCurrent_InsideAndOutsideOfTurns_TellsWhoseTurnTheThreadIsIn()
    {
        await using var kit = new ActorTestKit();
        var seen = new List<(string Where, bool Outer, bool Inner)>();
        ActorRef<int>? outer = null;
        ActorRef<int>? inner = null;
        void Look(string where) => seen.Add((where, outer!.IsCurrent, inner!.IsCurrent));
        inner = kit.System.Spawn(() => Handling<int>((_, _) => Look("inner")));
        outer = kit.System.Spawn(() => Handling<int>((_, _) =>
        {
            Look("before");
            inner.Enter(1);
            Look("after");
        }));
        await kit.SettleAsync();

        outer.Enter(1);
        Look("outside");

        Assert.Equal([("before", true, false), ("inner", false, true), ("after", true, false), ("outside", false, false)], seen);
    }

    private static ScriptedActor<T> Handling<T>(Action<ActorContext<T>, T> handle) => new()
    {
        OnReceive = (context, message, _) => Do(() => handle(context, message)),
    };
}
