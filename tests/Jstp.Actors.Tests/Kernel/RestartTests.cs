using Jstp.Actors.Kernel;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Puppet;
using static Jstp.Actors.Tests.Kernel.Supervised;

namespace Jstp.Actors.Tests.Kernel;

public sealed class RestartTests
{
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

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
