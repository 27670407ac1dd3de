using Jstp.Cli.Commands;
using Jstp.Cli.Output;
using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Tests.Output;

/// <summary>Values and figures as texts.</summary>
public sealed class OutputTests
{
    [Theory]
    [InlineData("{a:undefined,b:null,c:[undefined,NaN,-Infinity]}", """{"b":null,"c":[null,null,null]}""")]
    [InlineData("'<ü\\n\\x1b\"'", "\"<ü\\n\\u001B\\\"\"")]
    [InlineData("[1e21,0.1,-0,true,[],{}]", "[1E+21,0.1,-0,true,[],{}]")]
    [InlineData("undefined", "null")]
    public void JsonText_Value_IsAsJsonStringifyHasIt(string mdsf, string json) => Assert.Equal(json, JsonText.Of(MdsfValue.Parse(mdsf)));

    [Fact]
    public void Mdsf_EscapeSequence_CannotSteerATerminal() => Assert.DoesNotContain('\e', MdsfValue.FromString("\e[2J").ToString());

    [Fact]
    public void Clean_ControlCharacters_AreSpaces() => Assert.Equal("a [2J b  c", TerminalText.Clean("a\e[2J b\r\nc"));

    [Fact]
    public void Summarize_HundredTimes_HasTheNearestRank()
    {
        var times = new PingTimes();

        for (int i = 100; i > 0; i--)
        {
            times.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal("{count:100,min:1,avg:50.5,p99:99,max:100}", times.Summarize().ToString());
    }
}
