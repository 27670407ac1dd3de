using System.Diagnostics;
using System.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>Limits, and texts made to be expensive (mdsf.md, section 4).</summary>
public sealed class MdsfLimitTests
{
    private const int HostileLength = 8 * 1024 * 1024;

    // A reader that is linear needs far below a second; one that is quadratic, hours.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void Options_ByDefault_AreThoseOfTheSpecification()
    {
        var options = default(MdsfReaderOptions);

        Assert.Equal((512, 1_048_576), (options.MaxDepth, options.MaxValueCount));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MdsfReaderOptions { MaxDepth = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MdsfReaderOptions { MaxValueCount = 0 });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(66)]
    [InlineData(512)]
    [InlineData(700)]
    public void Read_DepthAtItsLimit_IsAccepted(int maxDepth)
    {
        int pairs = maxDepth / 2;
        string text = new StringBuilder().Insert(0, "[{a:", pairs).Append('0').Insert((pairs * 4) + 1, "},1]", pairs).ToString();
        var options = new MdsfReaderOptions { MaxDepth = maxDepth };

        Assert.True(Accepts(text, options));
        Assert.True(Accepts($"[{{}},{text[1..]}", options));
        Assert.False(Accepts($"[{text}]", options));
    }

    [Theory]
    [InlineData("[,,,]", 3)]
    [InlineData("[1,[2],{a:3}]", 5)]
    [InlineData("{a:1,a:2,a:undefined}", 3)]
    [InlineData("5", 1)]
    [InlineData("[]", 0)]
    public void Read_Values_AreCounted(string text, int count)
    {
        Assert.True(Accepts(text, new MdsfReaderOptions { MaxValueCount = Math.Max(count, 1) }));
        Assert.True(count <= 1 || !Accepts(text, new MdsfReaderOptions { MaxValueCount = count - 1 }));
    }

    [Fact]
    public void Read_ElisionsBeyondTheDefaultCount_AreRefused()
    {
        Assert.True(Accepts($"[{new string(',', 1_048_576)}]", default));
        Assert.False(Accepts($"[{new string(',', 1_048_577)}]", default));
    }

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "'", "x", "'" },
        { "'", "\\n", "'" },
        { "'", "\\ud83d", "'" },
        { "'\\u{", "0", "41}'" },
        { "'", "é", "'" },
        { "'", "\\", "'" },
        { "", "9", "" },
        { "0.", "0", "1" },
        { "1e", "9", "" },
        { "0x", "f", "" },
        { "0b1", "0", "1" },
        { "-0o", "7", "" },
        { "/*", "*", "/1" },
        { "//", "\u2027", "\n1" },
        { "", "/**/", "1" },
        { "", "\u2003", "1" },
        { "", "//\n", "1" },
        { "{", "a", ":1}" },
        { "{", "é", ":1}" },
        { "{", "\\u0061", ":1}" },
        { "{", "1", ":1}" },
        { "{'", "\\x61", "':1}" },
        { "'", "x", "" },
        { "[", "[", "" },
        { "", "-", "" },
        { "/*", "*", "" },
        { "{\\u{", "0", "" },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void Read_HostileText_TakesTimeInProportion(string start, string repeated, string end)
    {
        int count = (HostileLength / Encoding.UTF8.GetByteCount(repeated)) - 20;
        byte[] text = Encoding.UTF8.GetBytes(new StringBuilder(start).Insert(start.Length, repeated, count).Append(end).ToString());
        byte[][] pieces = [.. text.Chunk(1000)];
        long started = Stopwatch.GetTimestamp();

        string whole = Outcome(text);
        string inPieces = OutcomeInPieces(pieces);

        Assert.Equal(whole, inPieces);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Patience);
    }

    [Fact]
    public void Read_ManyMembers_TakesTimeInProportion()
    {
        var text = new StringBuilder("{");

        for (int i = 0; i < 300_000; i++)
        {
            text.Append('k').Append(i).Append(":1,");
        }

        text.Append('}');
        long started = Stopwatch.GetTimestamp();

        MdsfValue value = MdsfValue.Parse(text.ToString());

        Assert.Equal(300_000, value.Count);
        Assert.Equal(1.0, value["k299999"].AsNumber());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Patience);
    }

    [Fact]
    public void Read_OneByteAtATime_IsLinearToo()
    {
        byte[] text = Encoding.UTF8.GetBytes($"['{new string('x', 300_000)}',{new string('1', 300_000)},/*{new string('*', 300_000)}*/]");
        long started = Stopwatch.GetTimestamp();

        MdsfValue value = MdsfValue.Parse(CutPayload.IntoBytes(text));

        Assert.Equal(300_000, value[0].AsString().Length);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Patience);
    }

    private static bool Accepts(string text, MdsfReaderOptions options)
    {
        try
        {
            MdsfValue.Parse(text, options);
            return true;
        }
        catch (MdsfException)
        {
            return false;
        }
    }

    private static string Outcome(byte[] text)
    {
        try
        {
            return Summary(MdsfValue.Parse(text));
        }
        catch (MdsfException error)
        {
            return error.Message;
        }
    }

    private static string OutcomeInPieces(byte[][] pieces)
    {
        try
        {
            return Summary(MdsfValue.Parse(CutPayload.Join(pieces)));
        }
        catch (MdsfException error)
        {
            return error.Message;
        }
    }

    private static string Summary(MdsfValue value) => $"{value.Kind} {value.Count} {value.GetHashCode()}";
}
