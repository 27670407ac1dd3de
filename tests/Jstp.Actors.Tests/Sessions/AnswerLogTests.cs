using System.Text;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>What <see cref="KeptAnswersTests"/> cannot see through a connection.</summary>
public sealed class AnswerLogTests
{
    private int _givenUp;

    [Fact]
    public void Write_ReadByAnotherHolder_KnowsTheSame()
    {
        AnswerLog log = Create();
        string longText = new('x', 1000);
        Add(log, 1, "one");
        Add(log, 2, longText);
        log.Add(-3, wantsAnswer: false, generation: 1, Utf8("three"));
        log.Answer(2, generation: 1, Utf8("answer"));

        AnswerLog read = AnswerLog.Read(log.Write(), () => _givenUp++);

        Assert.Equal(log.Write(), read.Write());
        Assert.Equal((3, log.Length, 0L), (read.Count, read.Length, read.ReportedCount(3)));
        Assert.Null(read.FindRepeated(2, Utf8(longText + "x")));
        Assert.Equal(Utf8("answer"), read.FindRepeated(2, Utf8(longText))?.Answer);
        Assert.True(read.FindRepeated(1, Utf8("one"))?.IsRunning);
        Assert.False(read.FindRepeated(-3, Utf8("three"))?.WantsAnswer);
    }

    [Fact]
    public void Read_Nothing_IsEmpty() => Assert.True(AnswerLog.Read([], () => _givenUp++).IsEmpty);

    [Fact]
    public void Add_OneTooMany_GivesAllUpAndTheCountSaysSo()
    {
        AnswerLog log = Create();

        for (int id = 1; id <= AnswerLog.MaxRequests; id++)
        {
            Add(log, id, "text");
        }

        Assert.Equal((0, 0L), (_givenUp, log.ReportedCount(AnswerLog.MaxRequests)));

        Add(log, AnswerLog.MaxRequests + 1, "text");

        Assert.Equal((1, 0, AnswerLog.MaxRequests + 1L), (_givenUp, log.Count, log.ReportedCount(AnswerLog.MaxRequests + 1)));
    }

    [Fact]
    public void Prove_AnswersThatWereSentBefore_TakesThemAndWhatNeedsNoAnswerOut()
    {
        AnswerLog log = Create();
        Add(log, 1, "one");
        log.Add(2, wantsAnswer: false, generation: 1, Utf8("two"));
        Add(log, 3, "three");
        log.Add(4, wantsAnswer: false, generation: 1, Utf8("four"));
        log.Answer(3, generation: 1, Utf8("answer"))!.SentBehind = 7;

        log.Prove(7);
        Assert.Equal(4, log.Count);

        log.Prove(8);
        Assert.Equal((2, 0L), (log.Count, log.ReportedCount(4)));
        Assert.Null(log.FindRepeated(3, Utf8("three")));

        log.Answer(1, generation: 1, Utf8("answer"))!.SentBehind = 8;
        log.Prove(9);
        Assert.True(log.IsEmpty);
        Assert.Equal((0, 4L), (log.Length, log.ReportedCount(4)));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static void Add(AnswerLog log, long id, string text) => log.Add(id, wantsAnswer: true, generation: 1, Utf8(text));

    private AnswerLog Create() => new(() => _givenUp++);
}
