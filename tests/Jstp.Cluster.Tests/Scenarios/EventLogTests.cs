using Jstp.Cluster.Tests.Swarms;

namespace Jstp.Cluster.Tests.Scenarios;

/// <summary>That what goes wrong shows.</summary>
public sealed class EventLogTests
{
    [Theory]
    [InlineData(new long[] { 1, 2, 3 }, 0, 0)]
    [InlineData(new long[] { 1, 3 }, 1, 0)]
    [InlineData(new long[] { 1, 2, 2 }, 0, 1)]
    [InlineData(new long[] { 1, 3, 2 }, 1, 1)]
    [InlineData(new long[] { 3 }, 2, 0)]
    public void Add_NumbersOfOneStream_CountsWhatIsMissingAndRepeated(long[] numbers, long missing, long repeated)
    {
        var log = new EventLog();

        Array.ForEach(numbers, number => log.Add("tape", number));

        Assert.Equal(missing, log.MissingCount);
        Assert.Equal(repeated, log.RepeatedCount);
        Assert.Equal(missing + repeated > 0, log.FirstFault is not null);
    }

    [Fact]
    public void Add_TwoStreams_NumbersEachByItself()
    {
        var log = new EventLog();

        log.Add("tape", 1);
        log.Add("mail", 1);
        log.Add("tape", 2);

        Assert.Null(log.FirstFault);
        Assert.Equal(2, log.LastOf("tape"));
    }
}
