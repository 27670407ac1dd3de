using System.Buffers;
using System.IO.Compression;
using System.Net.WebSockets;
using System.Text;
using Jstp.Transport.WebSockets;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.Tests.WebSockets.Compression;

/// <summary>Compressed messages in and out (RFC 7692, 6 and 7.2), with the RFC's own examples and zlib as the judge.</summary>
public sealed class CompressedProtocolTests
{
    private const int Rsv1 = 4;

    private static readonly WebSocketCompressionOptions Always = new() { Threshold = 0, Level = CompressionLevel.Optimal };

    /// <summary>Bits of our window, whether contexts are kept.</summary>
    public static TheoryData<int, bool> Parameters
    {
        get
        {
            var rows = new TheoryData<int, bool>();

            foreach (int bits in Enumerable.Range(8, 8))
            {
                rows.Add(bits, false);
                rows.Add(bits, true);
            }

            return rows;
        }
    }

    /// <summary>Examples of RFC 7692, 7.2.3: payloads that all mean "Hello".</summary>
    public static TheoryData<string, string> Hellos => new()
    {
        { "one block", "f248cdc9c90700" },
        { "stored block", "000500faff48656c6c6f00" },
        { "final block", "f348cdc9c9070000" },
        { "two blocks", "f248050000 00ffffcac9c90700" },
    };

    [Theory, MemberData(nameof(Hellos))]
    public void Read_ExamplesOfTheRfc_AreHello(string name, string digits)
    {
        var harness = new Harness(peerTakeover: false);

        harness.Receive(Frames.Masked(Opcode.Text, Frames.Hex(digits), reserved: Rsv1));
        harness.Receive(Frames.Masked(Opcode.Text, Frames.Hex("f248cdc9c90700"), reserved: Rsv1));

        Assert.True(harness.Texts is ["Hello", "Hello"], name);
    }

    [Fact]
    public void Read_ExampleWithContext_RefersToTheMessageBefore()
    {
        var harness = new Harness(peerTakeover: true);

        harness.Receive(Frames.Masked(Opcode.Text, Frames.Hex("f248cdc9c90700"), reserved: Rsv1));
        harness.Receive(Frames.Masked(Opcode.Text, Frames.Hex("f200110000"), reserved: Rsv1));

        Assert.Equal(["Hello", "Hello"], harness.Texts);
    }

    [Fact]
    public void Read_FragmentsOfACompressedMessage_AreOneMessage()
    {
        var harness = new Harness(peerTakeover: false);

        harness.Receive(Frames.Masked(Opcode.Text, Frames.Hex("f248cd"), fin: false, reserved: Rsv1));
        harness.Receive(Frames.Masked(Opcode.Ping, []));
        harness.Receive(Frames.Masked(Opcode.Continuation, Frames.Hex("c9c90700")));

        Assert.Equal(["Hello"], harness.Texts);
    }

    [Fact]
    public void Read_PlainMessageBetweenCompressed_LeavesTheContextAlone()
    {
        var harness = new Harness(peerTakeover: true);

        harness.Receive(Frames.Masked(Opcode.Text, Frames.Hex("f248cdc9c90700"), reserved: Rsv1));
        harness.Receive(Frames.Masked(Opcode.Text, "plain"));
        harness.Receive(Frames.Masked(Opcode.Text, Frames.Hex("f200110000"), reserved: Rsv1));

        Assert.Equal(["Hello", "plain", "Hello"], harness.Texts);
    }

    [Fact]
    public void Read_EmptyCompressedMessage_IsEmpty()
    {
        var harness = new Harness(peerTakeover: true);

        harness.Receive(Frames.Masked(Opcode.Text, [0], reserved: Rsv1));
        harness.Receive(Frames.Masked(Opcode.Text, Frames.Hex("f248cdc9c90700"), reserved: Rsv1));

        Assert.Equal(["", "Hello"], harness.Texts);
    }

    /// <summary>Name, frame, close code.</summary>
    public static TheoryData<string, byte[], int> Refused => new()
    {
        { "RSV1 on a control frame", Frames.Masked(Opcode.Ping, [], reserved: Rsv1), 1002 },
        { "RSV1 on a Close", Frames.Masked(Opcode.Close, [], reserved: Rsv1), 1002 },
        { "RSV2", Frames.Masked(Opcode.Text, [], reserved: 2), 1002 },
        { "RSV1 and RSV3", Frames.Masked(Opcode.Text, [], reserved: 5), 1002 },
        {
            "RSV1 on a continuation",
            Frames.Join(Frames.Masked(Opcode.Text, [0xF2], fin: false, reserved: Rsv1), Frames.Masked(Opcode.Continuation, [0], reserved: Rsv1)), 1002
        },
        { "reserved block type", Frames.Masked(Opcode.Text, [0x07, 0xFF, 0xFF], reserved: Rsv1), 1007 },
        { "stored lengths that disagree", Frames.Masked(Opcode.Text, Frames.Hex("0005000000"), reserved: Rsv1), 1007 },
        { "reference before the start", Frames.Masked(Opcode.Text, Frames.Hex("f200110000"), reserved: Rsv1), 1007 },
        { "text that is not UTF-8", Frames.Masked(Opcode.Text, Deflate([0xFF, 0xFE]), reserved: Rsv1), 1007 },
        { "bomb", Frames.Masked(Opcode.Binary, Deflate(new byte[(1024 * 1024) + 1]), reserved: Rsv1), 1009 },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Read_BrokenRule_ClosesWithCode(string name, byte[] received, int code)
    {
        var harness = new Harness(peerTakeover: false);

        harness.Receive(received);

        Assert.Equal(code, (int)harness.Protocol.GetCloseInfo().Code);
        Assert.True(harness.Texts.Count == 0, name);
    }

    [Fact]
    public void Read_MessageOfExactlyTheLimit_IsAccepted()
    {
        var harness = new Harness(peerTakeover: false);

        harness.Receive(Frames.Masked(Opcode.Binary, Deflate(new byte[1024 * 1024]), reserved: Rsv1));

        Assert.Equal(1024 * 1024, Assert.Single(harness.Texts).Length);
    }

    [Theory, MemberData(nameof(Parameters))]
    public void WriteMessage_EveryWindow_IsReadByAnInflaterThatHasNoMore(int bits, bool takeover)
    {
        var harness = new Harness(new DeflateParameters(takeover, false, bits));
        byte[][] messages = [.. CreateMessages()];

        foreach (byte[] message in messages)
        {
            harness.Protocol.WriteMessage(WebSocketMessageType.Binary, message);
        }

        Assert.Equal(messages, ReadBack(harness.Output, takeover && bits == 15));
        Assert.True(harness.LargestDistance <= 1 << bits, $"A reference of {harness.LargestDistance} bytes leaves the window.");
    }

    [Fact]
    public void WriteMessage_BelowTheThreshold_IsNotCompressed()
    {
        var harness = new Harness(new DeflateParameters(false, false, 15), new WebSocketCompressionOptions { Threshold = 100 });

        harness.Protocol.WriteMessage(WebSocketMessageType.Text, new byte[99]);
        int plain = harness.Output.Length;
        harness.Protocol.WriteMessage(WebSocketMessageType.Text, new byte[100]);

        Assert.Equal(0x81, harness.Output[0]);
        Assert.Equal(0xC1, harness.Output[plain]);
    }

    [Fact]
    public void WriteMessage_ThatDoesNotGetSmaller_GoesAsItIs()
    {
        var harness = new Harness(new DeflateParameters(false, false, 15));
        byte[] noise = new byte[1000];
        new Random(5).NextBytes(noise);

        harness.Protocol.WriteMessage(WebSocketMessageType.Binary, noise);

        Assert.Equal(0x82, harness.Output[0]);
    }

    [Fact]
    public void WriteMessage_LongerThanTheThresholdOfFragments_MarksOnlyTheFirst()
    {
        var harness = new Harness(new DeflateParameters(true, false, 15), fragmentationThreshold: 100);
        byte[] noise = new byte[250];
        new Random(6).NextBytes(noise);

        harness.Protocol.WriteMessage(WebSocketMessageType.Binary, noise);

        Assert.Equal(0x42, harness.Output[0]);
        Assert.Equal(0x00, harness.Output[102]);
    }

    private static IEnumerable<byte[]> CreateMessages()
    {
        var random = new Random(12);
        byte[] noise = new byte[70_000];
        random.NextBytes(noise);

        yield return [];
        yield return "a"u8.ToArray();
        yield return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(i => $"{{call:[{i},'iface'],method:[{i % 7}]}}")));
        yield return noise;
        yield return [.. noise.AsSpan(0, 5000), .. noise.AsSpan(0, 5000)];
        yield return new byte[100_000];
    }

    private static List<byte[]> ReadBack(byte[] wire, bool takeover)
    {
        var messages = new List<byte[]>();
        var inflater = new MessageInflater(takeover);
        var payload = new List<byte>();
        bool compressed = false;

        for (int at = 0; at < wire.Length;)
        {
            Assert.Equal(FrameHeaderStatus.Complete, FrameHeader.TryParse(wire.AsSpan(at), out FrameHeader header));
            compressed |= header.Rsv1;
            payload.AddRange(wire.AsSpan(at + header.Length, (int)header.PayloadLength));
            at += header.Length + (int)header.PayloadLength;

            if (header.Fin)
            {
                messages.Add(compressed ? Inflate(inflater, [.. payload]) : [.. payload]);
                payload.Clear();
                compressed = false;
            }
        }

        return messages;
    }

    private static byte[] Inflate(MessageInflater inflater, byte[] compressed)
    {
        var output = default(PooledBuffer);
        Assert.Equal(InflateStatus.Complete, inflater.Inflate(compressed, int.MaxValue - 1, ref output));
        byte[] message = output.Memory.ToArray();
        output.Clear();
        return message;
    }

    private static byte[] Deflate(byte[] message)
    {
        using var output = new MemoryStream();
        using var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(message);
        deflate.Flush();
        return output.ToArray()[..^4];
    }

    private sealed class Harness
    {
        private readonly ArrayBufferWriter<byte> _output = new();

        public Harness(bool peerTakeover)
            : this(new DeflateParameters(true, peerTakeover, 15))
        {
        }

        public Harness(DeflateParameters parameters, WebSocketCompressionOptions? options = null, int fragmentationThreshold = 16_384)
            => Protocol = new WebSocketProtocol(
                WebSocketRole.Server,
                new WebSocketProtocolOptions { FragmentationThreshold = fragmentationThreshold },
                _output,
                new PerMessageDeflate(parameters, options ?? Always));

        public WebSocketProtocol Protocol { get; }

        public byte[] Output => _output.WrittenSpan.ToArray();

        public List<string> Texts { get; } = [];

        /// <summary>How far back any reference of the written messages goes.</summary>
        public int LargestDistance => DeflateInspector.GetLargestDistance(Output);

        public void Receive(byte[] bytes)
        {
            ReadOnlySequence<byte> input = new(bytes);

            while (Protocol.Read(ref input) is { Type: not WebSocketEventType.None } found)
            {
                if (found.Type is WebSocketEventType.Message)
                {
                    Texts.Add(Encoding.Latin1.GetString(found.Payload.Span));
                }
            }
        }
    }
}
