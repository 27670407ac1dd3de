using Jstp.Actors.Kernel;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Puppet;

namespace Jstp.Actors.Tests.Kernel;

public sealed class LifeTests
{
    [Fact]
    public async Task Spawn_ChildOfAChild_HasItsPathParentAndName()
    {
        await using var kit = new ActorTestKit();
        ActorRef<Deed> chat = kit.System.Spawn("chat@1.2.0", Puppet.Make);

        ActorRef<Deed> child = await chat.AskInsideAsync(context => context.Spawn("connection-17", Puppet.Make));

        Assert.Null(await chat.AskInsideAsync(context => context.Parent));
        Assert.Same(child, await chat.AskInsideAsync(context => context.Child("connection-17")));
        Assert.Equal("/chat@1.2.0", chat.Path);
        Assert.Equal("/chat@1.2.0/connection-17", child.Path);
        Assert.Equal("connection-17", child.Name);
        Assert.Equal(child.Path, child.ToString());
        Assert.Same(chat, await child.AskInsideAsync(context => context.Parent));
    }

    [Fact]
    public async Task Spawn_NameOfALivingSibling_Throws()
    {
        await using var kit = new ActorTestKit();
        kit.System.Spawn("twin", Puppet.Make);

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => kit.System.Spawn("twin", Puppet.Make));

        Assert.StartsWith("/twin exists already", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spawn_NameOfAStoppedSibling_IsFreeOnceStoppedCompletes()
    {
        await using var kit = new ActorTestKit();
        ActorRef<Deed> first = kit.System.Spawn("phoenix", Puppet.Make);
        first.Stop();
        await first.Stopped.WithinLimitAsync("the first to stop");

        ActorRef<Deed> second = kit.System.Spawn("phoenix", Puppet.Make);

        Assert.NotSame(first, second);
        Assert.Equal(first.Path, second.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("$1")]
    public async Task Spawn_MalformedName_Throws(string name)
    {
        await using var kit = new ActorTestKit();

        Assert.Throws<ArgumentException>(() => kit.System.Spawn(name, Puppet.Make));
    }

    [Fact]
    public async Task Spawn_WithoutAName_GetsAUniqueOne()
    {
        await using var kit = new ActorTestKit();

        string[] names = [.. Enumerable.Range(0, 100).Select(_ => kit.System.Spawn(Puppet.Make).Name)];

        Assert.Equal(100, names.Distinct().Count());
        Assert.All(names, name => Assert.StartsWith("$", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_ActorWithChildren_StopsThemFirst()
    {
        await using var kit = new ActorTestKit();
        TestProbe<string> probe = kit.CreateProbe<string>();
        ScriptedActor<Deed> Member() => new()
        {
            OnReceive = (context, deed, _) => Do(() => deed(context)),
            OnStopped = () => Do(() => probe.Ref.Tell("member")),
        };
        ActorRef<Deed> parent = kit.System.Spawn("parent", () => new ScriptedActor<Deed>
        {
            OnReceive = (context, deed, _) => Do(() => deed(context)),
            OnStopped = () => Do(() => probe.Ref.Tell("parent")),
        });
        ActorRef<Deed> child = await parent.AskInsideAsync(context => context.Spawn("child", Member));
        await child.AskInsideAsync(context => context.Spawn("grandchild", Member));

        parent.Stop();

        Assert.Equal(["member", "member", "parent"], await probe.ExpectMessagesAsync(3));
        await parent.Stopped.WithinLimitAsync("the parent to stop");
    }

    [Fact]
    public async Task Stop_WithMessagesWaiting_MakesThemDeadLettersInOrder()
    {
        await using var kit = new ActorTestKit();
        var gate = new TaskCompletionSource();
        var dead = new List<DeadLetter>();
        kit.System.DeadLettered += dead.Add;
        ActorRef<int> actor = kit.System.Spawn("busy", () => new ScriptedActor<int> { OnReceive = (_, _, _) => new ValueTask(gate.Task) });
        await kit.SettleAsync();

        actor.Enter(0);
        actor.Tell(1);
        actor.Stop();
        actor.Tell(2);
        gate.SetResult();
        await actor.Stopped.WithinLimitAsync("the actor to stop");
        actor.Tell(3);

        Assert.Equal(
            [1, 2, 3],
            dead.Select(letter => Assert.IsType<int>(letter.Message)));
        Assert.All(dead, letter => Assert.Equal((actor, DeadLetterReason.Stopped), (letter.Recipient, letter.Reason)));
        Assert.False(actor.TryTell(4));
    }

    [Fact]
    public async Task Stop_DuringATurnThatAwaits_CancelsItsTokenAndIsNoFailure()
    {
        await using var kit = new ActorTestKit();
        bool saidGoodbye = false;
        ActorRef<int> actor = kit.System.Spawn(() => new ScriptedActor<int>
        {
            OnReceive = (_, _, stopping) => new ValueTask(Task.Delay(Timeout.InfiniteTimeSpan, stopping)),
            OnStopped = () => Do(() => saidGoodbye = true),
        });
        await kit.SettleAsync();
        actor.Enter(1);

        actor.Stop();
        actor.Stop();
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        Assert.True(saidGoodbye);
    }

    [Fact]
    public async Task Stop_GoodbyeThatThrows_IsLoggedAndTheActorStops()
    {
        await using var kit = new ActorTestKit();
        kit.Logs.Allow(1005);
        ActorRef<int> actor = kit.System.Spawn(() => new ScriptedActor<int> { OnStopped = () => throw new InvalidOperationException("bug") });
        await kit.SettleAsync();

        actor.Stop();
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        Assert.Single(kit.Logs.WithId(1005));
    }

    [Fact]
    public async Task Stop_RacingWithTheStart_TakesLeaveOfWhatStarted()
    {
        const int Count = 1_000;
        await using var kit = new ActorTestKit();
        int started = 0;
        int stopped = 0;
        var all = new List<Task>();

        for (int i = 0; i < Count; i++)
        {
            ActorRef<int> actor = kit.System.Spawn(() => new ScriptedActor<int>
            {
                OnStart = (_, _) => Do(() => Interlocked.Increment(ref started)),
                OnStopped = () => Do(() => Interlocked.Increment(ref stopped)),
            });
            actor.Stop();
            all.Add(actor.Stopped);
        }

        await Task.WhenAll(all).WithinLimitAsync("all actors to stop");

        Assert.Equal(started, stopped);
    }

    [Fact]
    public async Task Spawn_FromAStoppingActor_Throws()
    {
        await using var kit = new ActorTestKit();
        Exception? refusal = null;
        ActorContext<int>? context = null;
        ActorRef<int> actor = kit.System.Spawn(() => new ScriptedActor<int>
        {
            OnStart = (own, _) => Do(() => context = own),
            OnStopped = () => Do(() => refusal = Record.Exception(() => context!.Spawn(Puppet.Make))),
        });

        await kit.SettleAsync();
        actor.Stop();
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        Assert.IsType<InvalidOperationException>(refusal);
    }

    [Fact]
    public async Task TerminateAsync_TopLevelActors_StopOneAfterTheOtherNewestFirst()
    {
        await using var kit = new ActorTestKit();
        var events = new List<string>();
        foreach (string name in new[] { "journal", "sessions", "connections" })
        {
            kit.System.Spawn(name, () => new ScriptedActor<int>
            {
                OnStopped = async () =>
                {
                    events.Add($"{name} stops");
                    await Task.Yield();
                    events.Add($"{name} stopped");
                },
            });
        }

        await kit.SettleAsync();
        await kit.System.TerminateAsync().WithinLimitAsync("the system to terminate");

        Assert.Equal(
            ["connections stops", "connections stopped", "sessions stops", "sessions stopped", "journal stops", "journal stopped"], events);
    }

    [Fact]
    public async Task TerminateAsync_CalledTwice_IsOneTerminationAndRefusesSpawns()
    {
        await using var kit = new ActorTestKit();

        Task first = kit.System.TerminateAsync();
        Task second = kit.System.TerminateAsync();
        await first.WithinLimitAsync("the system to terminate");

        Assert.Same(first, second);
        Assert.Throws<InvalidOperationException>(() => kit.System.Spawn("late", Puppet.Make));
    }

    [Fact]
    public async Task TerminateAsync_DeepTree_StopsFromTheLeavesToTheRoot()
    {
        const int Depth = 5_000;
        await using var kit = new ActorTestKit();
        var bottom = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new List<int>();
        ScriptedActor<int> Level(int depth) => new()
        {
            OnStart = (context, _) => Do(() =>
            {
                if (depth < Depth)
                {
                    context.Spawn("x", () => Level(depth + 1));
                }
                else
                {
                    bottom.SetResult();
                }
            }),
            OnStopped = () => Do(() => stopped.Add(depth)),
        };
        kit.System.Spawn("x", () => Level(1));
        await bottom.Task.WithinLimitAsync("the deepest actor");

        await kit.System.TerminateAsync().WithinLimitAsync("the system to terminate");

        Assert.Equal(Enumerable.Range(1, Depth).Reverse(), stopped);
    }

    [Fact]
    public async Task Context_InTheConstructor_Throws()
    {
        await using var kit = new ActorTestKit();
        kit.Logs.Allow(1000);
        kit.System.Spawn(() => new Hasty());

        await kit.Logs.WaitForAsync(1000);

        Assert.Contains("has no context yet", kit.Logs.WithId(1000)[0].Exception!.Message, StringComparison.Ordinal);
    }

    private sealed class Hasty : Actor<int>
    {
        public Hasty() => Context.Stop();

        protected override ValueTask ReceiveAsync(int message, CancellationToken stopping) => default;
    }
}
