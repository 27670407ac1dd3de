using Jstp.Actors.Kernel;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Kernel;

/// <summary>The examples of docs/actors.md, so that what the guide shows compiles and works.</summary>
public sealed class GuideTests
{
    private abstract record CounterMessage;

    private sealed record Add(int Amount) : CounterMessage;

    private sealed record GetTotal(ReplyTo<int> ReplyTo) : CounterMessage;

    private sealed record Knock;

    [Fact]
    public async Task Counter_ToldAmounts_AnswersTheirSum()
    {
        await using var system = new ActorSystem("example");
        ActorRef<CounterMessage> counter = system.Spawn("counter", () => new Counter());

        counter.Tell(new Add(40));
        counter.Tell(new Add(2));
        int total = await counter.AskAsync<int>(replyTo => new GetTotal(replyTo), TimeSpan.FromSeconds(30));

        Assert.Equal(42, total);
    }

    [Fact]
    public async Task Door_KnockedAt_OpensAfterThreeSeconds()
    {
        await using var kit = new ActorTestKit();
        TestProbe<string> probe = kit.CreateProbe<string>();
        ActorRef<Knock?> door = kit.System.Spawn("door", () => new Door(probe.Ref));

        door.Tell(new Knock());
        await kit.AdvanceAsync(TimeSpan.FromSeconds(3));

        await probe.ExpectMessageAsync("come in");
        await probe.ExpectNoMessageAsync();
    }

    private sealed class Counter : Actor<CounterMessage>
    {
        private int _total;

        protected override ValueTask ReceiveAsync(CounterMessage message, CancellationToken stopping)
        {
            switch (message)
            {
                case Add add:
                    _total += add.Amount;
                    break;
                case GetTotal get:
                    get.ReplyTo.Tell(_total);
                    break;
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Answers a knock three seconds late; its timer tells it null.</summary>
    private sealed class Door(ActorRef<string> visitor) : Actor<Knock?>
    {
        protected override ValueTask ReceiveAsync(Knock? message, CancellationToken stopping)
        {
            if (message is null)
            {
                visitor.Tell("come in");
            }
            else
            {
                Context.Timers.StartSingle("open", message: null, TimeSpan.FromSeconds(3));
            }

            return ValueTask.CompletedTask;
        }
    }
}
