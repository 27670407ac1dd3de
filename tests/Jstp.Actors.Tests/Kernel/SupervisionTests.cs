using Jstp.Actors.Kernel;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Puppet;

namespace Jstp.Actors.Tests.Kernel;

public sealed class SupervisionTests
{
    private const int Failed = 1000;

    private static readonly SupervisionStrategy AtOnce = new() { MinBackoff = TimeSpan.Zero, MaxBackoff = TimeSpan.Zero };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public async Task Restart_FailedTurn_ReplacesTheInstanceKeepsTheMailboxAndDropsTheMessage()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce);
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);
        await probe.ExpectMessageAsync("1 starts");

        actor.Tell("a");
        actor.Tell("fail");
        actor.Tell("b");

        Assert.Equal(
            ["1 received a", "1 restarts for fail", "2 starts", "2 received b"],
            await probe.ExpectMessagesAsync(4));
        Assert.Equal(0, kit.System.DeadLetterCount);
        Assert.Single(kit.Logs.WithId(Failed));
    }

    [Fact]
    public async Task Restart_FailureAfterAnAwait_IsAFailureLikeAnyOther()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce);
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);

        actor.Tell("fail later");

        Assert.Equal(["1 starts", "1 restarts for fail later", "2 starts"], await probe.ExpectMessagesAsync(3));
    }

    [Fact]
    public async Task Restart_WithBackoff_HoldsMessagesUntilThePauseIsOver()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = new SupervisionStrategy { MinBackoff = Seconds(1) });
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);
        actor.Tell("fail");
        actor.Tell("a");
        Assert.Equal(["1 starts", "1 restarts for fail"], await probe.ExpectMessagesAsync(2));

        await kit.AdvanceAsync(Seconds(1) - TimeSpan.FromTicks(1));
        await probe.ExpectNoMessageAsync();
        await kit.AdvanceAsync(TimeSpan.FromTicks(1));

        Assert.Equal(["2 starts", "2 received a"], await probe.ExpectMessagesAsync(2));
    }

    [Fact]
    public async Task Restart_FailingAgainAndAgain_DoublesThePauseUpToTheLongest()
    {
        await using var kit = NewKit(options =>
            options.DefaultSupervision = new SupervisionStrategy { MinBackoff = Seconds(1), MaxBackoff = Seconds(5) });
        var starts = new List<double>();
        kit.System.Spawn("hopeless", () => new ScriptedActor<string>
        {
            OnStart = (context, _) =>
            {
                starts.Add(TimeSpan.FromTicks(context.TimeProvider.GetTimestamp()).TotalSeconds);
                throw new InvalidOperationException("cannot start");
            },
        });

        await kit.AdvanceAsync(Seconds(18));

        Assert.Equal([0, 1, 3, 7, 12, 17], starts);
    }

    [Fact]
    public async Task Restart_AfterRunningForTheLongestPause_BeginsAtTheShortestAgain()
    {
        await using var kit = NewKit(options =>
            options.DefaultSupervision = new SupervisionStrategy { MinBackoff = Seconds(1), MaxBackoff = Seconds(4) });
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);
        foreach (int pause in new[] { 1, 2, 4 })
        {
            actor.Tell("fail");
            await kit.SettleAsync();
            Assert.Equal(Seconds(pause), kit.Time.NextTimerDueIn);
            await kit.AdvanceAsync(Seconds(pause));
        }

        await kit.AdvanceAsync(Seconds(4));
        actor.Tell("fail");
        await kit.SettleAsync();

        Assert.Equal(Seconds(1), kit.Time.NextTimerDueIn);
    }

    [Fact]
    public async Task Restart_WithJitter_LengthensThePauseByAtMostItsFraction()
    {
        await using var kit = NewKit(options =>
            options.DefaultSupervision = new SupervisionStrategy { MinBackoff = Seconds(10), Jitter = 0.5 });
        var pauses = new List<TimeSpan>();

        for (int i = 0; i < 20; i++)
        {
            ActorRef<Deed> actor = kit.System.Spawn(Puppet.Make);
            actor.Tell(_ => throw new InvalidOperationException("bug"));
            await kit.SettleAsync();
            pauses.Add(kit.Time.NextTimerDueIn!.Value);
            actor.Stop();
            await actor.Stopped.WithinLimitAsync("the actor to stop");
        }

        Assert.All(pauses, pause => Assert.InRange(pause, Seconds(10), Seconds(15)));
        Assert.True(pauses.Distinct().Count() > 1);
    }

    [Fact]
    public async Task Restart_BeyondTheLimitWithinTheWindow_StopsTheActor()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce with { MaxRestarts = 2, Window = Seconds(10) });
        kit.Logs.Allow(1003);
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);
        probe.Watch(actor);

        actor.Tell("fail");
        actor.Tell("fail");
        actor.Tell("fail");

        Assert.Equal(
            ["1 starts", "1 restarts for fail", "2 starts", "2 restarts for fail", "3 starts", "3 stops"],
            await probe.ExpectMessagesAsync(6));
        Assert.Equal(TerminationReason.Failed, await probe.ExpectTerminatedAsync(actor));
        Assert.Single(kit.Logs.WithId(1003));
    }

    [Fact]
    public async Task Restart_FailuresSpreadBeyondTheWindow_GoOnForever()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce with { MaxRestarts = 2, Window = Seconds(10) });
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);

        for (int i = 0; i < 10; i++)
        {
            actor.Tell("fail");
            await kit.AdvanceAsync(Seconds(5));
        }

        actor.Tell("a");
        IReadOnlyList<string> messages = await probe.ExpectMessagesAsync(22);
        Assert.Equal("11 received a", messages[^1]);
    }

    [Fact]
    public async Task Restart_BeyondTheLimitWithEscalation_FailsTheParent()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = SupervisionStrategy.Stopping);
        kit.Logs.Allow(1003);
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<Deed> parent = kit.System.Spawn(
            "parent", () => Puppet.Make(AtOnce with { MaxRestarts = 0, WhenExceeded = SupervisionDirective.Escalate }));
        ActorRef<Deed> child = await parent.AskInsideAsync(context => context.Spawn("child", Puppet.Make));
        probe.Watch(parent);

        child.Tell(_ => throw new InvalidOperationException("bug"));

        Assert.Equal(TerminationReason.Failed, await probe.ExpectTerminatedAsync(parent));
        await child.Stopped.WithinLimitAsync("the child to stop");
    }

    [Fact]
    public async Task Restart_ActorWithChildrenTimersAndWatches_EndsThemAll()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce);
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<Deed> watched = kit.System.Spawn("watched", Puppet.Make);
        ActorRef<Deed> actor = kit.System.Spawn("actor", () => new ScriptedActor<Deed>
        {
            OnReceive = (context, deed, _) => Do(() => deed(context)),
            OnTerminated = (_, _, _) => probe.Ref.Tell("notice"),
        });
        ActorRef<Deed> child = await actor.AskInsideAsync(context =>
        {
            context.Watch(watched);
            context.Timers.StartSingle("timer", _ => probe.Ref.Tell("tick"), Seconds(1));
            return context.Spawn("child", Puppet.Make);
        });

        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await child.Stopped.WithinLimitAsync("the child to stop");
        ActorRef<Deed> successor = await actor.AskInsideAsync(context => context.Spawn("child", Puppet.Make));
        watched.Stop();
        await kit.AdvanceAsync(Seconds(2));

        await probe.ExpectNoMessageAsync();
        Assert.NotSame(child, successor);
        Assert.Equal(0, kit.Time.ArmedTimerCount);
    }

    [Fact]
    public async Task Restart_CancelsTheTokenOfTheOldInstanceOnly()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce);
        var tokens = new List<CancellationToken>();
        ActorRef<Deed> actor = kit.System.Spawn(() => new ScriptedActor<Deed>
        {
            OnStart = (_, stopping) => Do(() => tokens.Add(stopping)),
            OnReceive = (context, deed, _) => Do(() => deed(context)),
        });

        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await kit.SettleAsync();

        Assert.Equal([true, false], tokens.Select(token => token.IsCancellationRequested));
    }

    [Fact]
    public async Task Resume_FailedTurn_GoesOnWithTheNextMessageAndTheSameState()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = Always(SupervisionDirective.Resume));
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);

        actor.Tell("fail");
        actor.Tell("a");

        Assert.Equal(["1 starts", "1 received a"], await probe.ExpectMessagesAsync(2));
    }

    [Fact]
    public async Task Resume_FailedStart_RestartsInstead()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = Always(SupervisionDirective.Resume));
        int made = 0;
        ActorRef<Deed> actor = kit.System.Spawn(() => ++made == 1 ? throw new InvalidOperationException("no instance") : Puppet.Make());

        await actor.AskInsideAsync(context => context.Path);

        Assert.Equal(2, made);
    }

    [Fact]
    public async Task Stop_FailedTurn_StopsTheActorWithAGoodbye()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = SupervisionStrategy.Stopping);
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);
        probe.Watch(actor);

        actor.Tell("fail");

        Assert.Equal(["1 starts", "1 stops"], await probe.ExpectMessagesAsync(2));
        Assert.Equal(TerminationReason.Failed, await probe.ExpectTerminatedAsync(actor));
    }

    [Fact]
    public async Task Escalate_ParentThatIsResumed_ResumesTheChild()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = Always(SupervisionDirective.Resume));
        ActorRef<Deed> parent = kit.System.Spawn("parent", () => Puppet.Make(SupervisionStrategy.Escalating));
        ActorRef<Deed> child = await parent.AskInsideAsync(context => context.Spawn("child", Puppet.Make));

        child.Tell(_ => throw new InvalidOperationException("bug"));

        Assert.Same(parent, await child.AskInsideAsync(context => context.Parent));
        Assert.Equal(2, kit.Logs.WithId(Failed).Count);
    }

    [Fact]
    public async Task Escalate_ParentThatIsRestarted_StopsTheChild()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce);
        ActorRef<Deed> parent = kit.System.Spawn("parent", () => Puppet.Make(SupervisionStrategy.Escalating));
        ActorRef<Deed> child = await parent.AskInsideAsync(context => context.Spawn("child", Puppet.Make));

        child.Tell(_ => throw new InvalidOperationException("bug"));
        await child.Stopped.WithinLimitAsync("the child to stop");

        Assert.Empty(await parent.AskInsideAsync(context => context.Children));
    }

    [Fact]
    public async Task Escalate_BeyondTheTopLevel_StopsTheActorAndNothingElse()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = SupervisionStrategy.Escalating);
        kit.Logs.Allow(1004);
        ActorRef<Deed> bystander = kit.System.Spawn("bystander", Puppet.Make);
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);

        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        Assert.Equal("/bystander", await bystander.AskInsideAsync(context => context.Path));
    }

    [Fact]
    public async Task Supervision_DecidesByException()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce with
        {
            Decider = failure => failure is TimeoutException ? SupervisionDirective.Resume : SupervisionDirective.Stop,
        });
        ActorRef<Deed> patient = kit.System.Spawn("patient", Puppet.Make);
        ActorRef<Deed> strict = kit.System.Spawn("strict", Puppet.Make);

        patient.Tell(_ => throw new TimeoutException());
        strict.Tell(_ => throw new InvalidOperationException("bug"));
        await strict.Stopped.WithinLimitAsync("the actor to stop");

        Assert.Equal("/patient", await patient.AskInsideAsync(context => context.Path));
    }

    [Fact]
    public async Task Supervision_DeciderThatThrows_FailsTheParent()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = SupervisionStrategy.Stopping);
        var strategy = new SupervisionStrategy { Decider = _ => throw new InvalidOperationException("bad decider") };
        ActorRef<Deed> parent = kit.System.Spawn("parent", () => Puppet.Make(strategy));
        ActorRef<Deed> child = await parent.AskInsideAsync(context => context.Spawn("child", Puppet.Make));

        child.Tell(_ => throw new InvalidOperationException("bug"));
        await parent.Stopped.WithinLimitAsync("the parent to stop");

        Assert.Equal("bad decider", kit.Logs.WithId(Failed)[^1].Exception!.Message);
    }

    [Fact]
    public async Task Restart_GoodbyeThatThrows_IsLoggedAndHindersNothing()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce);
        kit.Logs.Allow(1005);
        int made = 0;
        ActorRef<Deed> actor = kit.System.Spawn(() =>
        {
            made++;
            return new ScriptedActor<Deed>
            {
                OnReceive = (context, deed, _) => Do(() => deed(context)),
                OnRestarting = _ => throw new InvalidOperationException("bad goodbye"),
            };
        });

        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await actor.AskInsideAsync(context => context.Path);

        Assert.Equal(2, made);
        Assert.Single(kit.Logs.WithId(1005));
    }

    [Fact]
    public async Task Factory_ReturningTheSameInstanceTwice_IsAFailure()
    {
        await using var kit = NewKit(options => options.DefaultSupervision = AtOnce with { MaxRestarts = 1 });
        kit.Logs.Allow(1003);
        ScriptedActor<Deed> only = Puppet.Make();
        ActorRef<Deed> actor = kit.System.Spawn("actor", () => only);

        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        Assert.Contains("must make a new one", kit.Logs.WithId(Failed)[^1].Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_DuringBackoff_StopsAtOnceAndDisarmsThePause()
    {
        await using var kit = NewKit();
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<string> actor = SpawnReporter(kit, probe);
        actor.Tell("fail");
        await kit.Time.WaitForTimerAsync(SupervisionStrategy.Default.MinBackoff);

        actor.Stop();
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        Assert.Equal(["1 starts", "1 restarts for fail"], await probe.ExpectMessagesAsync(2));
        await probe.ExpectNoMessageAsync();
        Assert.Equal(0, kit.Time.ArmedTimerCount);
    }

    [Fact]
    public async Task Abort_ClockThatThrows_EndsTheActorAndNothingElse()
    {
        var logs = new LogCollector();
        await using var system = new ActorSystem("broken", new ActorSystemOptions { TimeProvider = new BrokenClock(), LoggerFactory = logs });
        ActorRef<Deed> actor = system.Spawn("actor", Puppet.Make);
        ActorRef<Deed> bystander = system.Spawn("bystander", Puppet.Make);

        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await actor.Stopped.WithinLimitAsync("the actor to end");

        Assert.Single(logs.WithId(1007));
        Assert.Equal("/bystander", await bystander.AskInsideAsync(context => context.Path));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Jitter_OutOfRange_Throws(double jitter) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SupervisionStrategy { Jitter = jitter });

    [Fact]
    public void WhenExceeded_Restart_Throws() =>
        Assert.Throws<ArgumentException>(() => new SupervisionStrategy { WhenExceeded = SupervisionDirective.Restart });

    private static ActorTestKit NewKit(Action<ActorSystemOptions>? configure = null)
    {
        var kit = new ActorTestKit(configure);
        kit.Logs.Allow(Failed);
        return kit;
    }

    private static SupervisionStrategy Always(SupervisionDirective directive) => AtOnce with { Decider = _ => directive };

    /// <summary>Spawns an actor whose every instance has a number and reports what happens to it.</summary>
    private static ActorRef<string> SpawnReporter(ActorTestKit kit, TestProbe<string> probe)
    {
        int instances = 0;
        return kit.System.Spawn("reporter", () =>
        {
            int number = ++instances;
            void Report(string what) => probe.Ref.Tell($"{number} {what}");
            return new ScriptedActor<string>
            {
                OnStart = (_, _) => Do(() => Report("starts")),
                OnRestarting = cause => Do(() => Report($"restarts for {cause.Message}")),
                OnStopped = () => Do(() => Report("stops")),
                OnReceive = async (_, message, _) =>
                {
                    if (message == "fail later")
                    {
                        await Task.Yield();
                    }

                    Report(message.StartsWith("fail", StringComparison.Ordinal)
                        ? throw new InvalidOperationException(message)
                        : $"received {message}");
                },
            };
        });
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new NotSupportedException("This clock has no timers.");
    }
}
