using System.Text;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Byte sequences in, events and bytes out: RFC 6455 and the specification page, 5.2.</summary>
public sealed class WebSocketProtocolReadTests
{
    private static readonly byte[] Euro = [0xE2, 0x82, 0xAC];

    /// <summary>Name, bytes received, events, bytes written.</summary>
    public static TheoryData<string, byte[], string[], byte[]> Accepted => new()
    {
        { "text", Frames.Masked(Opcode.Text, "Hello"), ["Text:Hello"], [] },
        { "text of the RFC", Frames.Hex("818537fa213d7f9f4d5158"), ["Text:Hello"], [] },
        { "binary", Frames.Masked(Opcode.Binary, "\x01\x02"), ["Binary:\x01\x02"], [] },
        { "empty text", Frames.Masked(Opcode.Text, ""), ["Text:"], [] },
        { "125 bytes", Frames.Masked(Opcode.Binary, new byte[125]), ["Binary:125 bytes"], [] },
        { "126 bytes", Frames.Masked(Opcode.Binary, new byte[126]), ["Binary:126 bytes"], [] },
        { "65,535 bytes", Frames.Masked(Opcode.Binary, new byte[65_535]), ["Binary:65535 bytes"], [] },
        { "65,536 bytes, the frame limit", Frames.Masked(Opcode.Binary, new byte[65_536]), ["Binary:65536 bytes"], [] },
        { "length 5 in 16 bits", Frames.Hex("81fe0005 37fa213d 7f9f4d5158"), ["Text:Hello"], [] },
        { "length 5 in 64 bits", Frames.Hex("81ff0000000000000005 37fa213d 7f9f4d5158"), ["Text:Hello"], [] },
        {
            "fragments",
            Frames.Join(Frames.Masked(Opcode.Text, "He", fin: false), Frames.Masked(Opcode.Continuation, "l", fin: false), Frames.Masked(Opcode.Continuation, "lo")),
            ["Text:Hello"], []
        },
        {
            "empty fragments",
            Frames.Join(Frames.Masked(Opcode.Text, "", fin: false), Frames.Masked(Opcode.Continuation, "", fin: false), Frames.Masked(Opcode.Continuation, "")),
            ["Text:"], []
        },
        {
            "ping between fragments",
            Frames.Join(Frames.Masked(Opcode.Text, "He", fin: false), Frames.Masked(Opcode.Ping, "x"), Frames.Masked(Opcode.Continuation, "llo")),
            ["Ping:x", "Text:Hello"], Frames.Unmasked(Opcode.Pong, "x")
        },
        { "ping of 125 bytes", Frames.Masked(Opcode.Ping, new byte[125]), ["Ping:125 bytes"], Frames.Unmasked(Opcode.Pong, new byte[125]) },
        { "pong", Frames.Masked(Opcode.Pong, "p"), ["Pong:p"], [] },
        {
            "sequence over fragments",
            Frames.Join(Frames.Masked(Opcode.Text, Euro.AsSpan(0, 1), fin: false), Frames.Masked(Opcode.Continuation, Euro.AsSpan(1))),
            ["Text:" + Encoding.Latin1.GetString(Euro)], []
        },
        {
            "two messages",
            Frames.Join(Frames.Masked(Opcode.Text, "a"), Frames.Masked(Opcode.Binary, "b")),
            ["Text:a", "Binary:b"], []
        },
    };

    /// <summary>Name, bytes received, close code.</summary>
    public static TheoryData<string, byte[], int> Refused => new()
    {
        { "RSV1", Frames.Masked(Opcode.Text, "x"u8, reserved: 4).AsSpan(0, 2).ToArray(), 1002 },
        { "RSV2", Frames.Masked(Opcode.Text, [], reserved: 2), 1002 },
        { "RSV3 on a control frame", Frames.Masked(Opcode.Ping, [], reserved: 1), 1002 },
        { "opcode 3", Frames.MaskedHeader((Opcode)3, 1)[..2], 1002 },
        { "opcode 7", Frames.MaskedHeader((Opcode)7, 1)[..2], 1002 },
        { "opcode 11", Frames.Masked((Opcode)11, []), 1002 },
        { "opcode 15", Frames.Masked((Opcode)15, []), 1002 },
        { "unmasked, first two bytes", [0x81, 0x05], 1002 },
        { "ping without FIN", Frames.Masked(Opcode.Ping, [], fin: false), 1002 },
        { "ping of 126 bytes, header", Frames.Masked(Opcode.Ping, new byte[126])[..2], 1002 },
        { "continuation of nothing", Frames.MaskedHeader(Opcode.Continuation, 1)[..2], 1002 },
        { "text inside a message", Frames.Join(Frames.Masked(Opcode.Text, "a", fin: false), Frames.MaskedHeader(Opcode.Text, 1)[..2]), 1002 },
        { "binary inside a message", Frames.Join(Frames.Masked(Opcode.Text, "a", fin: false), Frames.MaskedHeader(Opcode.Binary, 1)[..2]), 1002 },
        { "top bit of the length", Frames.MaskedHeader(Opcode.Binary, 1UL << 63), 1002 },
        { "frame limit + 1, without mask key", Frames.MaskedHeader(Opcode.Binary, 65_537)[..10], 1009 },
        { "2^40", Frames.MaskedHeader(Opcode.Binary, 1UL << 40)[..10], 1009 },
        { "byte FF in text", Frames.Masked(Opcode.Text, [0x61, 0xFF]), 1007 },
        { "overlong form, cut", Frames.Masked(Opcode.Text, [0xC0, 0x80, 0, 0, 0])[..7], 1007 },
        { "surrogate, cut", Frames.Masked(Opcode.Text, [0xED, 0xA0, 0x80, 0x80])[..8], 1007 },
        { "past U+10FFFF, cut", Frames.Masked(Opcode.Text, [0xF4, 0x90, 0x80, 0x80])[..8], 1007 },
        { "truncated sequence at FIN", Frames.Masked(Opcode.Text, Euro.AsSpan(0, 2)), 1007 },
        {
            "truncated sequence at FIN of fragments",
            Frames.Join(Frames.Masked(Opcode.Text, Euro.AsSpan(0, 2), fin: false), Frames.Masked(Opcode.Continuation, [])), 1007
        },
        {
            "bad byte in a fragment that goes on",
            Frames.Join(Frames.Masked(Opcode.Text, Euro.AsSpan(0, 2), fin: false), Frames.Masked(Opcode.Continuation, [0x41, 0, 0], fin: false)[..7]), 1007
        },
    };

    [Theory, MemberData(nameof(Accepted))]
    public void Read_LegalFrames_GivesEvents(string name, byte[] received, string[] events, byte[] written)
    {
        using var harness = new ProtocolHarness();

        harness.Receive(received);

        Assert.Equal(events, harness.Events);
        Assert.Equal(written, harness.Output);
        Assert.Equal(WebSocketConnectionState.Open, harness.Protocol.State);
        Assert.True(harness.UnreadLength == 0, name);
    }

    [Theory, MemberData(nameof(Accepted))]
    public void Read_LegalFramesInSegmentsOfAnySize_GivesSameEvents(string name, byte[] received, string[] events, byte[] written)
    {
        foreach (int size in Enumerable.Range(1, 20))
        {
            using var harness = new ProtocolHarness();

            harness.Receive(received, size);

            Assert.True(events.SequenceEqual(harness.Events), $"{name} in segments of {size}");
            Assert.True(written.SequenceEqual(harness.Output), $"{name} in segments of {size}");
        }
    }

    [Theory, MemberData(nameof(Accepted))]
    public void Read_LegalFramesCutAtAnyByte_GivesSameEvents(string name, byte[] received, string[] events, byte[] written)
    {
        int step = Math.Max(1, received.Length / 300);

        for (int cut = 0; cut <= received.Length; cut += step)
        {
            using var harness = new ProtocolHarness();

            harness.Receive(received[..cut]);
            harness.Receive(received[cut..]);

            Assert.True(events.SequenceEqual(harness.Events), $"{name} cut at {cut}");
            Assert.True(written.SequenceEqual(harness.Output), $"{name} cut at {cut}");
        }
    }

    [Theory, MemberData(nameof(Refused))]
    public void Read_BrokenRule_ClosesWithCode(string name, byte[] received, int code)
    {
        using var whole = new ProtocolHarness();
        using var cut = new ProtocolHarness();

        whole.Receive(received);
        cut.ReceiveByteByByte(received);

        Assert.Equal([$"Failed:{code}"], whole.Events);
        Assert.True(whole.Events.SequenceEqual(cut.Events), name);
        Assert.Equal(Opcode.Close, (Opcode)(whole.Output[0] & 0xF));
        Assert.Equal(code, (whole.Output[2] << 8) | whole.Output[3]);
        Assert.Equal(whole.Output, cut.Output);
        Assert.Equal(WebSocketConnectionState.CloseSent, whole.Protocol.State);
        Assert.False(whole.Protocol.GetCloseInfo().WasClean);
    }

    [Theory, MemberData(nameof(Refused))]
    public void Read_AfterFailure_FindsThePeersClose(string name, byte[] received, int code)
    {
        using var harness = new ProtocolHarness();

        harness.Receive(received);
        harness.Receive(new byte[200_000]);
        harness.Receive(Frames.MaskedClose(1000));

        Assert.True(harness.Events[0] == $"Failed:{code}", name);
        Assert.True(harness.UnreadLength < 200, "Nothing piles up while input is discarded.");
        Assert.Equal(code, (int)harness.Protocol.GetCloseInfo().Code);
    }

    [Fact]
    public void Read_FrameOverTheMessageLimit_RefusedAtHeader()
    {
        var options = new WebSocketProtocolOptions { MaxReceivedMessageSize = 10 };
        using var single = new ProtocolHarness(options);
        using var fragments = new ProtocolHarness(options);

        single.Receive(Frames.Masked(Opcode.Binary, new byte[11])[..6]);
        fragments.Receive(Frames.Masked(Opcode.Binary, new byte[10], fin: false));
        fragments.Receive(Frames.Masked(Opcode.Continuation, new byte[1])[..6]);

        Assert.Equal(["Failed:1009"], single.Events);
        Assert.Equal(["Failed:1009"], fragments.Events);
    }

    [Fact]
    public void Read_TooManyEmptyFragments_RefusedWith1008()
    {
        var options = new WebSocketProtocolOptions { MaxFragmentsPerMessage = 3 };
        using var harness = new ProtocolHarness(options);
        byte[] empty = Frames.Masked(Opcode.Continuation, "", fin: false);

        harness.Receive(Frames.Join(Frames.Masked(Opcode.Text, "", fin: false), empty, empty));
        Assert.Empty(harness.Events);
        harness.Receive(empty);

        Assert.Equal(["Failed:1008"], harness.Events);
    }

    [Fact]
    public void Read_TypeNotAccepted_RefusedWith1003()
    {
        using var noBinary = new ProtocolHarness(new WebSocketProtocolOptions { AcceptBinary = false });
        using var noText = new ProtocolHarness(new WebSocketProtocolOptions { AcceptText = false });

        noBinary.Receive(Frames.MaskedHeader(Opcode.Binary, 1)[..2]);
        noText.Receive(Frames.MaskedHeader(Opcode.Text, 1)[..2]);

        Assert.Equal(["Failed:1003"], noBinary.Events);
        Assert.Equal(["Failed:1003"], noText.Events);
    }

    [Fact]
    public void Read_LargeFrameInPieces_TakesPayloadAsItArrives()
    {
        byte[] payload = new byte[8 * 1024 * 1024];
        new Random(7).NextBytes(payload);
        byte[] frame = Frames.Masked(Opcode.Binary, payload);
        using var harness = new ProtocolHarness(new WebSocketProtocolOptions { MaxReceivedFrameSize = payload.Length, MaxReceivedMessageSize = payload.Length });

        for (int start = 0; start < frame.Length; start += 100_000)
        {
            harness.Receive(frame[start..Math.Min(frame.Length, start + 100_000)], 4096);
            Assert.Equal(0, harness.UnreadLength);
        }

        Assert.Equal(payload, Assert.Single(harness.Messages));
    }

    [Fact]
    public void Read_MaskedFrameAtClient_RefusedWith1002()
    {
        using var harness = new ProtocolHarness(WebSocketProtocolOptions.Client, WebSocketRole.Client);

        harness.Receive([0x81, 0x85]);

        Assert.Equal(["Failed:1002"], harness.Events);
    }

    [Fact]
    public void Read_PingsBeyondTheRate_AnswersTheLatestOfTheRead()
    {
        using var harness = new ProtocolHarness(new WebSocketProtocolOptions { MaxControlFramesPerSecond = 2, TimeProvider = new ManualTimeProvider() });
        byte[][] pings = [.. Enumerable.Range(0, 6).Select(i => Frames.Masked(Opcode.Ping, $"{i}"))];

        harness.Receive(Frames.Join(pings));

        Assert.Equal(Frames.Join(Frames.Unmasked(Opcode.Pong, "0"), Frames.Unmasked(Opcode.Pong, "1"), Frames.Unmasked(Opcode.Pong, "5")), harness.Output);
    }

    [Fact]
    public void Read_FloodOfControlFrames_RefusedWith1008()
    {
        var time = new ManualTimeProvider();
        using var harness = new ProtocolHarness(new WebSocketProtocolOptions { MaxControlFramesPerSecond = 2, TimeProvider = time });
        byte[] twenty = Frames.Join([.. Enumerable.Repeat(Frames.Masked(Opcode.Pong, ""), 20)]);

        harness.Receive(twenty);
        time.Advance(TimeSpan.FromSeconds(1));
        harness.Receive(twenty);
        Assert.DoesNotContain("Failed:1008", harness.Events);
        harness.Receive(Frames.Masked(Opcode.Pong, ""));

        Assert.Equal("Failed:1008", harness.Events[^1]);
    }

    [Fact]
    public void Read_PingWithAutomaticPongOff_IsLeftToTheOwner()
    {
        using var harness = new ProtocolHarness(new WebSocketProtocolOptions { AutomaticPong = false });

        harness.Receive(Frames.Masked(Opcode.Ping, "x"));

        Assert.Equal(["Ping:x"], harness.Events);
        Assert.Empty(harness.Output);
    }
}
