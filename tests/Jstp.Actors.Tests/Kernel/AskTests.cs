using Jstp.Actors.Kernel;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Puppet;

namespace Jstp.Actors.Tests.Kernel;

public sealed class AskTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task AskAsync_Answered_ReturnsTheFirstAnswer()
    {
        await using var kit = new ActorTestKit();
        bool? second = null;
        ActorRef<ReplyTo<int>> actor = SpawnAnswering(kit, replyTo =>
        {
            replyTo.Tell(42);
            second = replyTo.Tell(43);
        });

        int answer = await actor.AskAsync<int>(replyTo => replyTo, Second);

        Assert.Equal(42, answer);
        Assert.False(second);
    }

    [Fact]
    public async Task AskAsync_NoAnswerInTime_ThrowsTimeoutThatNamesTheActor()
    {
        await using var kit = new ActorTestKit();
        ActorRef<ReplyTo<int>> actor = SpawnAnswering(kit, _ => { });
        Task<int> answer = actor.AskAsync<int>(replyTo => replyTo, Second);

        await kit.AdvanceAsync(Second);

        TimeoutException timeout = await Assert.ThrowsAsync<TimeoutException>(() => answer);
        Assert.Contains("/actor did not answer", timeout.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_Cancelled_Throws()
    {
        await using var kit = new ActorTestKit();
        using var cancellation = new CancellationTokenSource();
        ActorRef<ReplyTo<int>> actor = SpawnAnswering(kit, _ => { });
        Task<int> answer = actor.AskAsync<int>(replyTo => replyTo, Timeout.InfiniteTimeSpan, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task AskAsync_StoppedActor_FailsAtOnce()
    {
        await using var kit = new ActorTestKit();
        ActorRef<ReplyTo<int>> actor = SpawnAnswering(kit, _ => { });
        actor.Stop();
        await actor.Stopped.WithinLimitAsync("the actor to stop");

        Task<int> answer = actor.AskAsync<int>(replyTo => replyTo, Second);

        AskFailedException failure = await Assert.ThrowsAsync<AskFailedException>(() => answer);
        Assert.StartsWith("/actor does not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_ActorThatStopsWithTheQuestionQueued_FailsAtOnce()
    {
        await using var kit = new ActorTestKit();
        var entered = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        ActorRef<ReplyTo<int>> actor = kit.System.Spawn("actor", () => new ScriptedActor<ReplyTo<int>>
        {
            OnReceive = (_, _, _) =>
            {
                entered.SetResult();
                return new ValueTask(gate.Task);
            },
        });
        Task<int> first = actor.AskAsync<int>(replyTo => replyTo, Second);
        await entered.Task.WithinLimitAsync("the first question to be taken");
        Task<int> second = actor.AskAsync<int>(replyTo => replyTo, Second);

        actor.Stop();
        gate.SetResult();

        await Assert.ThrowsAsync<AskFailedException>(() => second);
        Assert.False(first.IsCompleted);
        await kit.AdvanceAsync(Second);
        await Assert.ThrowsAsync<TimeoutException>(() => first);
    }

    [Fact]
    public async Task AskAsync_TurnThatThrows_FailsAtOnceWithTheCause()
    {
        await using var kit = new ActorTestKit();
        kit.Logs.Allow(1000);
        ActorRef<ReplyTo<int>> actor = SpawnAnswering(kit, _ => throw new InvalidOperationException("bug"));

        AskFailedException failure = await Assert.ThrowsAsync<AskFailedException>(() => actor.AskAsync<int>(replyTo => replyTo, Second));

        Assert.Equal("bug", failure.InnerException?.Message);
    }

    [Fact]
    public async Task AskAsync_AnsweredWithAnException_ThrowsIt()
    {
        await using var kit = new ActorTestKit();
        ActorRef<ReplyTo<int>> actor = SpawnAnswering(kit, replyTo => replyTo.Fail(new KeyNotFoundException()));

        await Assert.ThrowsAsync<KeyNotFoundException>(() => actor.AskAsync<int>(replyTo => replyTo, Second));
    }

    [Fact]
    public async Task AskAsync_Answered_LeavesNoTimerBehind()
    {
        await using var kit = new ActorTestKit();
        ActorRef<ReplyTo<int>> actor = SpawnAnswering(kit, replyTo => replyTo.Tell(1));

        await actor.AskAsync<int>(replyTo => replyTo, Second);

        // The runtime disarms the timer right behind the completion that the line above waited for.
        await Patience.UntilAsync(() => kit.Time.ArmedTimerCount == 0, "the timer to be disarmed");
    }

    private static ActorRef<ReplyTo<int>> SpawnAnswering(ActorTestKit kit, Action<ReplyTo<int>> answer) =>
        kit.System.Spawn("actor", () => new ScriptedActor<ReplyTo<int>> { OnReceive = (_, replyTo, _) => Do(() => answer(replyTo)) });
}
