using Jstp.Transport.Protocol;

namespace Jstp.Transport.Tests.Protocol;

public sealed class JstpVersionTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("v1.2.3", "1.2.3")]
    [InlineData("0.0.0-0", "0.0.0-0")]
    [InlineData("1.2.3-beta.2+build.007", "1.2.3-beta.2+build.007")]
    [InlineData("9007199254740991.0.0", "9007199254740991.0.0")]
    public void ToString_OfParsedText_IsTheNormalForm(string text, string expected) =>
        Assert.Equal(expected, JstpVersion.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.x")]
    [InlineData(" 1.2.3")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3.4")]
    [InlineData("=1.2.3")]
    [InlineData("9007199254740992.0.0")]
    [InlineData("latest")]
    public void Parse_NoFullVersion_ThrowsFormatException(string text) =>
        Assert.Throws<FormatException>(() => JstpVersion.Parse(text));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void TryParse_LongText_IsAcceptedUpToTheLimit(int length, bool expected)
    {
        string text = "1.0.0-" + new string('a', length - 6);

        Assert.Equal(expected, JstpVersion.TryParse(text, out _));
        Assert.Equal(expected, JstpVersionRange.TryParse(text, out _));
    }

    [Fact]
    public void CompareTo_VersionsInOrderOfPrecedence_OrdersEachPair()
    {
        // Semantic Versioning 2.0.0, section 11, with numbers that NuGet's type cannot hold and labels that it takes for equal.
        string[] ascending =
        [
            "1.0.0-0", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999999999999", "1.0.0-Alpha", "1.0.0-alpha", "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.20240101123456", "1.1.0", "2.0.0",
        ];
        JstpVersion[] versions = [.. ascending.Select(JstpVersion.Parse)];

        foreach ((int i, int j) in from i in Enumerable.Range(0, versions.Length) from j in Enumerable.Range(0, versions.Length) select (i, j))
        {
            Assert.Equal(i.CompareTo(j), Math.Sign(versions[i].CompareTo(versions[j])));
            Assert.Equal(i == j, versions[i] == versions[j]);
            Assert.Equal(i < j, versions[i] < versions[j]);
        }
    }

    [Fact]
    public void Equals_DifferentBuild_IsTheSameVersion()
    {
        JstpVersion left = JstpVersion.Parse("1.0.0+a");
        JstpVersion right = JstpVersion.Parse("1.0.0+b");

        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal(0, left.CompareTo(right));
    }
}
