using System.Text;
using Jstp.LoadGenerator.Wire;

namespace Jstp.LoadGenerator.Tests;

public sealed class EventReaderTests
{
    private readonly EventReader _reader = new(CallScript.JstpEvents(2));

    [Fact]
    public void TryRead_TwoCallsWithAPingBetween_AreRight()
    {
        Assert.True(Read("{event:[-1,'events'],tick:[0]}"));
        Assert.True(Read("{event:[-2,'events'],tick:[1]}"));
        Assert.True(_reader.TryEndCall());
        Assert.True(_reader.TryReadLiveness("3]}"u8));
        Assert.True(Read("{event:[-4,'events'],tick:[0]}"));
        Assert.True(Read("{event:[-5,'events'],tick:[1]}"));
        Assert.True(_reader.TryEndCall());
    }

    [Theory]
    [InlineData("{event:[-2,'events'],tick:[0]}")] // one is missing
    [InlineData("{event:[-1,'events'],tick:[1]}")]
    [InlineData("{event:[-1,'events'],tock:[0]}")]
    [InlineData("{event:[-1,'events'],tick:[0]}}")]
    [InlineData("{event:[1,'events'],tick:[0]}")]
    [InlineData("{callback:[1],ok:[2]}")]
    public void TryRead_AnythingElse_IsWrong(string text) => Assert.False(Read(text));

    [Fact]
    public void TryRead_EventTwice_IsWrong()
    {
        Assert.True(Read("{event:[-1,'events'],tick:[0]}"));

        Assert.False(Read("{event:[-1,'events'],tick:[0]}"));
    }

    [Fact]
    public void TryEndCall_BeforeItsEvents_IsWrong()
    {
        Assert.True(Read("{event:[-1,'events'],tick:[0]}"));

        Assert.False(_reader.TryEndCall());
    }

    private bool Read(string text) => _reader.TryRead(Encoding.UTF8.GetBytes(text));
}
