using Jstp.Actors.Kernel;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Supervised;

namespace Jstp.Actors.Tests.Kernel;

public sealed class SupervisionTests
{
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

    private sealed class BrokenClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new NotSupportedException("This clock has no timers.");
    }
}
