using Jstp.Actors.Kernel;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Puppet;

namespace Jstp.Actors.Tests.Kernel;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task StartSingle_WhenDue_TellsOnceAndIsNoLongerActive()
    {
        await using var kit = new ActorTestKit();
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        actor.Tell(context => context.Timers.StartSingle("key", own => probe.Ref.Tell($"active: {own.Timers.IsActive("key")}"), Second));
        await kit.Time.WaitForTimerAsync(Second);

        await kit.AdvanceAsync(Second - TimeSpan.FromTicks(1));
        await probe.ExpectNoMessageAsync();
        await kit.AdvanceAsync(10 * Second);

        await probe.ExpectMessageAsync("active: False");
        await probe.ExpectNoMessageAsync();
    }

    [Fact]
    public async Task StartPeriodic_UntilCancelled_TellsEveryPeriod()
    {
        await using var kit = new ActorTestKit();
        int ticks = 0;
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        actor.Tell(context => context.Timers.StartPeriodic("key", _ => ticks++, Second));

        await kit.AdvanceAsync(3.5 * Second);
        bool cancelled = await actor.AskInsideAsync(context => context.Timers.Cancel("key"));
        await kit.AdvanceAsync(10 * Second);

        Assert.True(cancelled);
        Assert.Equal(3, ticks);
        Assert.Equal(0, kit.Time.ArmedTimerCount);
    }

    [Fact]
    public async Task StartPeriodic_ActorThatIsBehind_SkipsTicksInsteadOfPilingThemUp()
    {
        await using var kit = new ActorTestKit();
        var gate = new TaskCompletionSource();
        int ticks = 0;
        ActorRef<string> actor = kit.System.Spawn("actor", () => new ScriptedActor<string>
        {
            OnStart = (context, _) => Do(() => context.Timers.StartPeriodic("key", "tick", Second)),
            OnReceive = (_, message, _) =>
            {
                ticks += message == "tick" ? 1 : 0;
                return message == "wait" ? new ValueTask(gate.Task) : default;
            },
        });
        await kit.SettleAsync();
        actor.Enter("wait");

        kit.Time.Advance(100 * Second);
        gate.SetResult();
        await kit.SettleAsync();
        Assert.Equal(1, ticks);
        await kit.AdvanceAsync(Second);

        Assert.Equal(2, ticks);
    }

    [Fact]
    public async Task Cancel_TimerWhoseMessageWaits_IsNotDelivered()
    {
        await using var kit = new ActorTestKit();
        bool delivered = false;
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        await kit.SettleAsync();

        actor.Enter(context =>
        {
            context.Timers.StartSingle("key", _ => delivered = true, Second);
            kit.Time.Advance(Second); // fires into the mailbox of the actor that is in this turn
            Assert.True(context.Timers.IsActive("key"));
            Assert.True(context.Timers.Cancel("key"));
        });
        await kit.SettleAsync();

        Assert.False(delivered);
    }

    [Fact]
    public async Task StartSingle_UnderAUsedKey_ReplacesTheTimerAlsoIfItsMessageWaits()
    {
        await using var kit = new ActorTestKit();
        var delivered = new List<string>();
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        await kit.SettleAsync();

        actor.Enter(context =>
        {
            context.Timers.StartSingle("key", _ => delivered.Add("old"), Second);
            kit.Time.Advance(Second);
            context.Timers.StartSingle("key", _ => delivered.Add("new"), Second);
        });
        await kit.SettleAsync();
        Assert.Empty(delivered);
        await kit.AdvanceAsync(Second);

        Assert.Equal(["new"], delivered);
    }

    [Fact]
    public async Task Stop_WithTimers_DisarmsThemAndLeavesNoDeadLetter()
    {
        await using var kit = new ActorTestKit();
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        await kit.SettleAsync();

        actor.Enter(context =>
        {
            context.Timers.StartSingle("waits in the mailbox", _ => { }, TimeSpan.Zero);
            context.Timers.StartSingle("single", _ => { }, Second);
            context.Timers.StartPeriodic("periodic", _ => { }, Second);
            context.Stop();
        });
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        Assert.Equal(0, kit.Time.ArmedTimerCount);
        Assert.Equal(0, kit.System.DeadLetterCount);
    }

    [Fact]
    public async Task CancelAll_ManyTimers_EndsThemAll()
    {
        await using var kit = new ActorTestKit();
        int delivered = 0;
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);
        await kit.SettleAsync();

        actor.Enter(context =>
        {
            foreach (int key in Enumerable.Range(0, 10))
            {
                context.Timers.StartSingle(key, _ => delivered++, Second);
            }

            context.Timers.CancelAll();
        });
        await kit.AdvanceAsync(Second);

        Assert.Equal(0, delivered);
    }

    [Fact]
    public async Task Start_OutOfRange_Throws()
    {
        await using var kit = new ActorTestKit();
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);

        await actor.AskInsideAsync(context =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => context.Timers.StartSingle("key", _ => { }, -Second));
            return Assert.Throws<ArgumentOutOfRangeException>(() => context.Timers.StartPeriodic("key", _ => { }, TimeSpan.Zero));
        });
    }
}
