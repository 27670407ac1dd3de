using System.Text;
using Jstp.LoadGenerator.Wire;

namespace Jstp.LoadGenerator.Tests;

public sealed class WireTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(99, 16)]
    [InlineData(100, 110)] // the length passes 125 bytes, where the header grows
    [InlineData(9007199254740991, 1024)]
    public void Write_AnyId_MakesAFrameThatUnmasksToTheCall(long id, int payloadLength)
    {
        var frames = new CallFrames(CallScript.Jstp(payloadLength));
        byte[] output = new byte[frames.MaxLength];

        int length = frames.Write(id, output);

        string payload = string.Concat(Enumerable.Range(0, payloadLength).Select(i => (char)('a' + (i % 26))));
        Assert.Equal($"{{call:[{id},'echo'],value:['{payload}']}}", Unmask(output.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("chat", "{handshake:[0,'chat']}")]
    [InlineData("chat@^1.2", "{handshake:[0,'chat','^1.2']}")]
    public void Jstp_OtherTarget_IsNamedInItsTexts(string application, string handshake)
    {
        CallScript script = CallScript.Jstp(1, application, "room.say");

        Assert.Equal(handshake, Encoding.UTF8.GetString(script.Handshake));
        Assert.Equal(",'room'],say:['a']}", Encoding.UTF8.GetString(script.CallSuffix));
    }

    [Fact]
    public void Read_RightAnswer_GivesItsIdAndLength()
    {
        var reader = new AnswerReader(CallScript.Jstp(3));

        int length = reader.Read("{callback:[42],ok:['abc']}{"u8, out long id);

        Assert.Equal((26, 42), (length, id));
    }

    [Theory]
    [InlineData("{callback:[42],ok:['abd']}")]
    [InlineData("{callback:[42],ok:['abc'")]
    [InlineData("{callback:[],ok:['abc']}")]
    [InlineData("{callback:[42],error:[16]}")]
    [InlineData("")]
    public void Read_WrongAnswer_GivesZero(string answer) =>
        Assert.Equal(0, new AnswerReader(CallScript.Jstp(3)).Read(Encoding.UTF8.GetBytes(answer), out _));

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_536)]
    public void TryRead_FrameCutAtAnyByte_WaitsForItsEnd(int payloadLength)
    {
        byte[] frame = ServerTextFrame(new byte[payloadLength]);

        // Every cut in the header, and a sample of those in the payload.
        IEnumerable<int> cuts = Enumerable.Range(0, frame.Length).Where(cut => cut < 16 || cut % 997 == 0 || cut == frame.Length - 1);

        Assert.All(cuts, cut => Assert.False(ServerFrame.TryRead(frame.AsSpan(0, cut), out _)));
        Assert.True(ServerFrame.TryRead([.. frame, 0x81], out ServerFrame whole));
        Assert.Equal((frame.Length, payloadLength), (whole.Length, whole.Payload.Length));
    }

    [Fact]
    public void TryRead_MaskedFrame_Throws() =>
        Assert.Throws<LoadException>(() => ServerFrame.TryRead([0x81, 0x80, 0, 0, 0, 0], out _));

    internal static byte[] ServerTextFrame(byte[] payload) => payload.Length switch
    {
        <= 125 => [0x81, (byte)payload.Length, .. payload],
        <= ushort.MaxValue => [0x81, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
        _ => [0x81, 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
    };

    // Written without the code under test, from RFC 6455, 5.2 and 5.3.
    internal static string Unmask(ReadOnlySpan<byte> frame)
    {
        int headerLength = (frame[1] & 0x7F) < 126 ? 2 : 4;
        byte[] key = frame.Slice(headerLength, 4).ToArray();
        byte[] payload = frame[(headerLength + 4)..].ToArray();
        return Encoding.UTF8.GetString([.. payload.Select((b, i) => (byte)(b ^ key[i % 4]))]);
    }
}
