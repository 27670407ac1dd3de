using Jstp.Actors.Kernel;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Puppet;

namespace Jstp.Actors.Tests.Kernel;

public sealed class WatchTests
{
    [Fact]
    public async Task Watch_ActorThatStops_IsToldBehindEverythingTheActorSent()
    {
        await using var kit = new ActorTestKit();
        TestProbe<int> probe = kit.CreateProbe<int>();
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        probe.Watch(actor);

        actor.Tell(context =>
        {
            for (int i = 0; i < 100; i++)
            {
                probe.Ref.Tell(i);
            }

            context.Stop();
        });

        Assert.Equal(Enumerable.Range(0, 100), await probe.ExpectMessagesAsync(100));
        Assert.Equal(TerminationReason.Stopped, await probe.ExpectTerminatedAsync(actor));
    }

    [Fact]
    public async Task Watch_ActorThatIsGoneAlready_IsToldAtOnce()
    {
        await using var kit = new ActorTestKit(options => options.DefaultSupervision = SupervisionStrategy.Stopping);
        kit.Logs.Allow(1000);
        TestProbe<int> probe = kit.CreateProbe<int>();
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        probe.Watch(actor);

        Assert.Equal(TerminationReason.Failed, await probe.ExpectTerminatedAsync(actor));
    }

    [Fact]
    public async Task Watch_TheSameActorTwice_IsToldOnce()
    {
        await using var kit = new ActorTestKit();
        TestProbe<int> probe = kit.CreateProbe<int>();
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        probe.Watch(actor);
        probe.Watch(actor);
        await kit.SettleAsync();

        actor.Stop();

        await probe.ExpectTerminatedAsync(actor);
        await probe.ExpectNoMessageAsync();
    }

    [Fact]
    public async Task Watch_Restart_IsNoTermination()
    {
        await using var kit = new ActorTestKit();
        kit.Logs.Allow(1000);
        TestProbe<int> probe = kit.CreateProbe<int>();
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        probe.Watch(actor);

        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await kit.AdvanceAsync(SupervisionStrategy.Default.MinBackoff);

        await probe.ExpectNoMessageAsync();
    }

    [Fact]
    public async Task Unwatch_NoticeThatWaitsInTheMailbox_IsNotDelivered()
    {
        await using var kit = new ActorTestKit();
        var notices = new List<ActorRef>();
        ActorRef<Deed> target = kit.System.Spawn("target", Puppet.Make);
        ActorRef<Deed> watcher = kit.System.Spawn("watcher", () => new ScriptedActor<Deed>
        {
            OnReceive = (context, deed, _) => Do(() => deed(context)),
            OnTerminated = (_, watched, _) => notices.Add(watched),
        });
        await watcher.AskInsideAsync(context =>
        {
            context.Watch(target);
            return true;
        });
        await kit.SettleAsync();

        await watcher.AskInsideAsync(context =>
        {
            // The watcher's turn lasts until the target is gone, so the notice is queued behind it.
            target.Stop();
            target.Stopped.Wait(Patience.Limit);
            context.Unwatch(target);
            return true;
        });
        await kit.SettleAsync();

        Assert.Empty(notices);
    }

    [Fact]
    public async Task Watch_Itself_Throws()
    {
        await using var kit = new ActorTestKit();
        ActorRef<Deed> actor = kit.System.Spawn("narcissus", Puppet.Make);

        Exception? refusal = await actor.AskInsideAsync(context => Record.Exception(() => context.Watch(context.Self)));

        Assert.IsType<ArgumentException>(refusal);
    }

    [Fact]
    public async Task Watch_EachOther_BothMayEndInAnyOrder()
    {
        await using var kit = new ActorTestKit();
        TestProbe<int> probe = kit.CreateProbe<int>();
        ActorRef<Deed> one = kit.System.Spawn("one", Puppet.Make);
        ActorRef<Deed> other = kit.System.Spawn("other", Puppet.Make);
        one.Tell(context => context.Watch(other));
        other.Tell(context => context.Watch(one));
        await kit.SettleAsync();
        probe.Watch(one);
        await kit.SettleAsync();
        probe.Watch(other);

        one.Stop();
        await probe.ExpectTerminatedAsync(one);
        other.Stop();

        await probe.ExpectTerminatedAsync(other);
    }
}
