using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Jstp.Actors.Persistence;
using Jstp.Actors.Tests.Sessions.Model;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>
/// Random histories of one session in a cluster, against what a client may observe (<see cref="SessionWorld"/>). A history that fails is made as short as it can
/// be and printed with its seed.
/// </summary>
public sealed class SessionClusterModelTests
{
    private const int DefaultRuns = 100;

    // The same histories every time, unless somebody asks for a number of others.
    private static readonly Config Histories = int.TryParse(
        Environment.GetEnvironmentVariable("JSTP_SESSION_HISTORIES"), CultureInfo.InvariantCulture, out int asked)
        ? Config.QuickThrowOnFailure.WithMaxTest(asked)
        : Config.QuickThrowOnFailure.WithMaxTest(DefaultRuns).WithReplay(new Replay(new Rnd(1, 3), size: null));

    private static readonly Gen<Step> Steps = Gen.Zip(
        Gen.Frequency(
            (12, Gen.Constant(StepKind.Emit)),
            (3, Gen.Constant(StepKind.EmitElsewhere)),
            (3, Gen.Constant(StepKind.CallClient)),
            (2, Gen.Constant(StepKind.PingClient)),
            (6, Gen.Constant(StepKind.Post)),
            (4, Gen.Constant(StepKind.SendEvent)),
            (6, Gen.Constant(StepKind.SendCall)),
            (2, Gen.Constant(StepKind.SendPing)),
            (5, Gen.Constant(StepKind.Answer)),
            (1, Gen.Constant(StepKind.AnswerNonsense)),
            (4, Gen.Constant(StepKind.Lose)),
            (3, Gen.Constant(StepKind.LoseUnread)),
            (12, Gen.Constant(StepKind.Resume)),
            (2, Gen.Constant(StepKind.ResumeStale)),
            (1, Gen.Constant(StepKind.ResumeTooFar)),
            (3, Gen.Constant(StepKind.ResumeAndVanish)),
            (6, Gen.Constant(StepKind.Tick)),
            (4, Gen.Constant(StepKind.Kill)),
            (3, Gen.Constant(StepKind.CutOff)),
            (4, Gen.Constant(StepKind.Return)),
            (3, Gen.Constant(StepKind.Expire)),
            (1, Gen.Constant(StepKind.Perish))),
        Gen.Choose(0, 63)).Select(static pair => new Step(pair.Item1, pair.Item2));

    private static readonly Arbitrary<Step[]> AnyHistory = Arb.From(Gen.Choose(1, 40).SelectMany(static count => Steps.ArrayOf(count)), Shorten);

    public static TheoryData<SessionDurability, Step[]> KnownHistories => new()
    {
        // An event that was left for the session arrived again when the node died before it had written that it had it.
        { SessionDurability.Continuous, [new(StepKind.Resume, 61), new(StepKind.ResumeStale, 42), new(StepKind.EmitElsewhere, 0), new(StepKind.Kill, 26)] },

        // A session that was opened and not yet written when the store went away was taken for lost when it came back.
        { SessionDurability.Continuous, [new(StepKind.CutOff, 18), new(StepKind.Return, 0), new(StepKind.SendEvent, 0)] },

        // A connection that had ended, and waited for the store, spun.
        { SessionDurability.Strict, [new(StepKind.CutOff, 0), new(StepKind.ResumeAndVanish, 2)] },

        // An event came for a session whose client had asked for it and gone before it was there, when its node had lost it again.
        { SessionDurability.OnDisconnect, [new(StepKind.Tick, 0), new(StepKind.CutOff, 10), new(StepKind.ResumeAndVanish, 9), new(StepKind.Post, 0)] },
    };

    [Theory]
    [InlineData(SessionDurability.OnDisconnect)]
    [InlineData(SessionDurability.Continuous)]
    [InlineData(SessionDurability.Strict)]
    public Task Session_AnyHistory_KeepsItsPromises(SessionDurability durability) =>
        Prop.ForAll(AnyHistory, steps => RunAsync(durability, steps).GetAwaiter().GetResult()).CheckAsync(Histories);

    [Theory]
    [MemberData(nameof(KnownHistories))]
    public Task Session_HistoryThatOnceFailed_KeepsItsPromises(SessionDurability durability, Step[] steps) => RunAsync(durability, steps);

    private static Task RunAsync(SessionDurability durability, IReadOnlyList<Step> steps) =>
        Task.Run(async () =>
        {
            await using var world = new SessionWorld(durability);
            await world.RunAsync(steps);
        }).WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Leaves out half of the steps, a quarter, and so on down to single ones.</summary>
    private static IEnumerable<Step[]> Shorten(Step[] steps)
    {
        for (int length = (steps.Length + 1) / 2; length > 0; length /= 2)
        {
            for (int start = 0; start < steps.Length; start += length)
            {
                yield return [.. steps[..start], .. steps[Math.Min(start + length, steps.Length)..]];
            }
        }

        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i].Argument > 0)
            {
                yield return [.. steps[..i], steps[i] with { Argument = steps[i].Argument / 2 }, .. steps[(i + 1)..]];
            }
        }
    }
}
