using Jstp.Actors.Kernel;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Kernel;

public sealed class DeadLetterTests
{
    private const int First = 1020;
    private const int More = 1021;

    [Fact]
    public async Task Tell_FullMailbox_DropsTheNewestToDeadLetters()
    {
        await using var kit = new ActorTestKit();
        var gate = new TaskCompletionSource();
        var handled = new List<int>();
        var dead = new List<(object?, DeadLetterReason)>();
        kit.System.DeadLettered += letter => dead.Add((letter.Message, letter.Reason));
        ActorRef<int> actor = kit.System.Spawn("actor", () => Gated(gate, handled), new ActorProps { MailboxCapacity = 2 });
        await kit.SettleAsync();
        actor.Enter(0);

        foreach (int number in new[] { 1, 2, 3, 4 })
        {
            actor.Tell(number);
        }

        bool accepted = actor.TryTell(5);
        gate.SetResult();
        await kit.SettleAsync();

        Assert.False(accepted);
        Assert.Equal([0, 1, 2], handled);
        Assert.Equal([(3, DeadLetterReason.MailboxFull), (4, DeadLetterReason.MailboxFull)], dead);
        Assert.Equal(2, kit.System.DeadLetterCount);
    }

    [Fact]
    public async Task Tell_MailboxThatWasFull_TakesMessagesAgainOnceTheyAreHandled()
    {
        await using var kit = new ActorTestKit();
        var gate = new TaskCompletionSource();
        var handled = new List<int>();
        ActorRef<int> actor = kit.System.Spawn("actor", () => Gated(gate, handled), new ActorProps { MailboxCapacity = 1 });
        await kit.SettleAsync();
        actor.Enter(0);
        Assert.True(actor.TryTell(1));
        Assert.False(actor.TryTell(2));
        gate.SetResult();

        foreach (int number in Enumerable.Range(3, 100))
        {
            await kit.SettleAsync();
            Assert.True(actor.TryTell(number));
        }

        await kit.SettleAsync();
        Assert.Equal([0, 1, .. Enumerable.Range(3, 100)], handled);
    }

    [Fact]
    public async Task AskAsync_FullMailbox_FailsAtOnce()
    {
        await using var kit = new ActorTestKit();
        var gate = new TaskCompletionSource();
        ActorRef<ReplyTo<int>> actor = kit.System.Spawn(
            "actor",
            () => new ScriptedActor<ReplyTo<int>> { OnReceive = (_, _, _) => new ValueTask(gate.Task) },
            new ActorProps { MailboxCapacity = 1 });
        await kit.SettleAsync();
        actor.Enter(null!);
        actor.Tell(null!);

        await Assert.ThrowsAsync<AskFailedException>(() => actor.AskAsync<int>(replyTo => replyTo, Timeout.InfiniteTimeSpan));
        gate.SetResult();
    }

    [Fact]
    public void MailboxCapacity_BelowOne_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActorProps { MailboxCapacity = 0 });

    [Fact]
    public async Task DeadLetters_InABurst_AreLoggedOnceAndThenAsASum()
    {
        await using var kit = new ActorTestKit(options => options.DeadLetterLogInterval = TimeSpan.FromSeconds(10));
        ActorRef<int> one = await SpawnStoppedAsync(kit, "one");
        ActorRef<int> other = await SpawnStoppedAsync(kit, "other");

        for (int i = 0; i < 1000; i++)
        {
            one.Tell(i);
        }

        other.Tell(1);
        Assert.Equal(["/one", "/other"], PathsOf(kit, First));
        await kit.AdvanceAsync(TimeSpan.FromSeconds(10));
        one.Tell(1);

        Assert.Equal(["999 more Int32 for /one became dead letters."], kit.Logs.WithId(More).Select(entry => entry.Message));
        Assert.Equal(["/one", "/other", "/one"], PathsOf(kit, First));
        Assert.Equal(1002, kit.System.DeadLetterCount);
    }

    [Fact]
    public async Task DeadLetters_AtTermination_AreSummedUp()
    {
        var kit = new ActorTestKit();
        ActorRef<int> actor = await SpawnStoppedAsync(kit, "actor");
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(3);

        await kit.DisposeAsync();

        Assert.Equal("2 more Int32 for /actor became dead letters.", Assert.Single(kit.Logs.WithId(More)).Message);
        Assert.Equal(0, kit.Time.ArmedTimerCount);
    }

    [Fact]
    public async Task DeadLetters_ForMoreRecipientsThanAreToldApart_AreStillSummedUp()
    {
        const int Count = 3_000;
        var kit = new ActorTestKit();
        foreach (int number in Enumerable.Range(0, Count))
        {
            ActorRef<int> actor = await SpawnStoppedAsync(kit, $"actor-{number}");
            actor.Tell(number);
        }

        await kit.DisposeAsync();

        int logged = kit.Logs.WithId(First).Count;
        Assert.InRange(logged, 1, 1100);
        Assert.Contains($"{Count - logged} more (any) for (others)", Assert.Single(kit.Logs.WithId(More)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeadLettered_ObserverThatThrows_HarmsNobody()
    {
        await using var kit = new ActorTestKit();
        kit.Logs.Allow(1022);
        kit.System.DeadLettered += _ => throw new InvalidOperationException("bad observer");
        ActorRef<int> actor = await SpawnStoppedAsync(kit, "actor");

        actor.Tell(1);

        Assert.Single(kit.Logs.WithId(1022));
    }

    private static string[] PathsOf(ActorTestKit kit, int eventId) =>
        [.. kit.Logs.WithId(eventId).Select(entry => entry.Message.Split(' ').First(word => word.StartsWith('/')))];

    private static async Task<ActorRef<int>> SpawnStoppedAsync(ActorTestKit kit, string name)
    {
        ActorRef<int> actor = kit.System.Spawn(name, () => new ScriptedActor<int>());
        actor.Stop();
        await actor.Stopped.WithinLimitAsync("the actor to stop");
        return actor;
    }

    private static ScriptedActor<int> Gated(TaskCompletionSource gate, List<int> handled) => new()
    {
        OnReceive = async (_, number, _) =>
        {
            handled.Add(number);
            await gate.Task;
        },
    };
}
