using System.IO.Compression;
using Jstp.Transport.WebSockets;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.Tests.WebSockets.Compression;

/// <summary>A block marked as the final one says nothing in a message (RFC 7692, 7.2.3.4): what follows is part of the message.</summary>
public sealed class FinalBlockTests
{
    private const string Hello = "f248cdc9c90700"; // RFC 7692, 7.2.3.1
    private const string FinalHello = "f348cdc9c90700"; // 7.2.3.4, without the octet at its end
    private const string FiveBack = "f200110000"; // 7.2.3.2: "Hello" as a reference to the one before
    private const string FinalFiveBack = "f3001100";

    /// <summary>Name, messages on the wire, messages meant; no context is needed between them.</summary>
    public static TheoryData<string, string[], string[]> WithoutContext => new()
    {
        { "the RFC's example", [FinalHello + "00"], ["Hello"] },
        { "without the octet at the end", [FinalHello], ["Hello"] },
        { "a block behind it", [FinalHello + Hello], ["HelloHello"] },
        { "three final blocks", [FinalHello + FinalHello + FinalHello + "00"], ["HelloHelloHello"] },
        { "final and stored", [FinalHello + "000500faff48656c6c6f" + Hello], ["HelloHelloHello"] },
        { "stored and final", ["010500faff48656c6c6f" + "00"], ["Hello"] },
        { "stored and final, completed by the tail", ["f248cdc9c90704"], ["Hello"] },
        { "a reference across it", [FinalHello + FiveBack], ["HelloHello"] },
        { "references across two", [FinalHello + FinalFiveBack + FiveBack], ["HelloHelloHello"] },
        { "message behind message", [FinalHello + Hello, Hello], ["HelloHello", "Hello"] },
    };

    /// <summary>The same for peers that keep their context.</summary>
    public static TheoryData<string, string[], string[]> WithContext => new()
    {
        { "a reference to the message before", [FinalHello + "00", FiveBack], ["Hello", "Hello"] },
        { "a final block that refers to the message before", [Hello, FinalFiveBack + "00"], ["Hello", "Hello"] },
        { "references to the message before on both sides", [Hello, FinalFiveBack + FiveBack], ["Hello", "HelloHello"] },
        { "without the octet at the end", [FinalHello, FiveBack], ["Hello", "Hello"] },
        { "a plain message between", [Hello, FinalFiveBack, FiveBack, FiveBack], ["Hello", "Hello", "Hello", "Hello"] },
    };

    [Theory, MemberData(nameof(WithoutContext))]
    public void Inflate_FinalBlocks_AreNotTheEnd(string name, string[] wire, string[] expected)
        => Assert.True(expected.SequenceEqual(Inflate(wire, keepsContext: false)), name);

    [Theory, MemberData(nameof(WithoutContext)), MemberData(nameof(WithContext))]
    public void Inflate_FinalBlocksWithContext_AreNotTheEnd(string name, string[] wire, string[] expected)
        => Assert.True(expected.SequenceEqual(Inflate(wire, keepsContext: true)), name);

    [Theory, InlineData(false), InlineData(true)]
    public void Inflate_LongPartsEachWithAFinalBlock_AreOneMessage(bool keepsContext)
    {
        var random = new Random(77);
        byte[][] parts = [.. Enumerable.Range(0, 20).Select(i => CreatePart(random, 1 + random.Next(60_000)))];
        byte[] wire = [.. parts.SelectMany(Finish), 0];
        using var inflater = new MessageInflater(keepsContext);

        byte[] message = Inflate(inflater, wire);
        byte[] again = Inflate(inflater, wire);

        byte[] expected = [.. parts.SelectMany(part => part)];
        Assert.Equal(expected, message);
        Assert.Equal(expected, again);
    }

    [Fact]
    public void Inflate_MoreFinalBlocksThanAllowed_IsInvalid()
    {
        byte[] wire = [.. Enumerable.Repeat(Frames.Hex(FinalHello), MessageInflater.MaxFinalBlocks + 1).SelectMany(block => block), 0];
        using var inflater = new MessageInflater(keepsContext: false);
        var output = default(PooledBuffer);

        Assert.Equal(InflateStatus.Invalid, inflater.Inflate(wire, int.MaxValue - 1, ref output));
        output.Clear();
    }

    [Fact]
    public void Inflate_LimitReachedBehindAFinalBlock_IsTooLarge()
    {
        byte[] wire = Frames.Hex(FinalHello + Hello);
        using var inflater = new MessageInflater(keepsContext: false);
        var output = default(PooledBuffer);

        Assert.Equal(InflateStatus.TooLarge, inflater.Inflate(wire, limit: 9, ref output));
        output.Clear();
    }

    [Fact]
    public void Inflate_NonsenseBehindAFinalBlock_IsInvalid()
    {
        byte[] wire = Frames.Hex(FinalHello + "07ffff");
        using var inflater = new MessageInflater(keepsContext: false);
        var output = default(PooledBuffer);

        Assert.Equal(InflateStatus.Invalid, inflater.Inflate(wire, int.MaxValue - 1, ref output));
        output.Clear();
    }

    private static string[] Inflate(string[] wire, bool keepsContext)
    {
        using var inflater = new MessageInflater(keepsContext);

        return [.. wire.Select(message => System.Text.Encoding.ASCII.GetString(Inflate(inflater, Frames.Hex(message))))];
    }

    private static byte[] Inflate(MessageInflater inflater, byte[] wire)
    {
        var output = default(PooledBuffer);
        Assert.Equal(InflateStatus.Complete, inflater.Inflate(wire, int.MaxValue - 1, ref output));
        byte[] message = output.Memory.ToArray();
        output.Clear();
        return message;
    }

    /// <summary>Half noise, half text, so that blocks of every kind appear.</summary>
    private static byte[] CreatePart(Random random, int length)
    {
        byte[] part = new byte[length];
        random.NextBytes(part.AsSpan(0, length / 2));
        part.AsSpan(length / 2).Fill((byte)random.Next(256));
        return part;
    }

    private static byte[] Finish(byte[] part)
    {
        using var output = new MemoryStream();

        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(part);
        }

        return output.ToArray();
    }
}
