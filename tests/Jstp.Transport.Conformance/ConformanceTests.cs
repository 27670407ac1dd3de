using System.Text;
using Jstp.Transport.Tests.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Conformance;

/// <summary>Plays every case at a real server, sent at once and sent a byte a packet, with and without compression agreed on.</summary>
public sealed class ConformanceTests(ConformanceTests.Host fixture) : IClassFixture<ConformanceTests.Host>
{
    /// <summary>Bytes that a frame and a message may have at the server under test.</summary>
    public const int Limit = 200_000;

    private const int MostPackets = 1000;
    private const string Marker = "still usable?";

    public static TheoryData<ConformanceCase> Cases => [.. FramingCases.All(), .. Utf8Cases.All(), .. CloseCases.All()];

    /// <summary>With the extension RSV1 has a meaning on the first frame of a message, which the compression cases look at.</summary>
    public static TheoryData<ConformanceCase> CasesWithoutRsv1
        => [.. FramingCases.All().Where(test => test.Id is not "3.1.4"), .. Utf8Cases.All(), .. CloseCases.All()];

    public static TheoryData<ConformanceCase> CompressedCases => [.. CompressionCases.All()];

    public static TheoryData<ConformanceCase> ContextCases => [.. CompressionCases.All(), .. CompressionCases.WithContext()];

    [Theory, MemberData(nameof(Cases))]
    public async Task Server_SentAtOnce_AnswersAsTheRfcSays(ConformanceCase test)
    {
        using RawPeer peer = await RawPeer.UpgradeAsync(fixture.Address);

        await peer.SendAsync(test.Sent);

        await VerifyAsync(peer, test);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Server_SentAByteAPacket_AnswersAsTheRfcSays(ConformanceCase test)
    {
        using RawPeer peer = await RawPeer.UpgradeAsync(fixture.Address);

        await peer.SendChoppedAsync(test.Sent, Math.Max(1, test.Sent.Length / MostPackets));

        await VerifyAsync(peer, test);
    }

    [Theory, MemberData(nameof(CasesWithoutRsv1))]
    public async Task Server_WithCompressionAgreedOn_TreatsPlainFramesAlike(ConformanceCase test)
    {
        using RawPeer peer = await RawPeer.UpgradeAsync(fixture.Address, "/", "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover");

        await peer.SendAsync(test.Sent);

        await VerifyAsync(peer, test);
    }

    [Theory, MemberData(nameof(CompressedCases))]
    public Task Server_CompressedWithoutContext_AnswersAsTheRfcSays(ConformanceCase test)
        => PlayCompressedAsync(test, "permessage-deflate; client_no_context_takeover", chopped: false);

    [Theory, MemberData(nameof(ContextCases))]
    public Task Server_CompressedWithContext_AnswersAsTheRfcSays(ConformanceCase test)
        => PlayCompressedAsync(test, "permessage-deflate", chopped: false);

    [Theory, MemberData(nameof(ContextCases))]
    public Task Server_CompressedAByteAPacket_AnswersAsTheRfcSays(ConformanceCase test)
        => PlayCompressedAsync(test, "permessage-deflate", chopped: true);

    private async Task PlayCompressedAsync(ConformanceCase test, string offer, bool chopped)
    {
        using RawPeer peer = await RawPeer.UpgradeAsync(fixture.Address, "/", $"Sec-WebSocket-Extensions: {offer}");

        await peer.SendChoppedAsync(test.Sent, chopped ? Math.Max(1, test.Sent.Length / MostPackets) : test.Sent.Length);

        await VerifyAsync(peer, test);
    }

    private static async Task VerifyAsync(RawPeer peer, ConformanceCase test)
    {
        foreach (string expected in test.Answers)
        {
            Assert.Equal(expected, await ReadMessageAsync(peer));
        }

        if (test.Close is not { } code)
        {
            await peer.SendAsync(Frames.Masked(Opcode.Ping, Marker));
            Assert.Equal("Pong:" + Marker, await ReadMessageAsync(peer));
            return;
        }

        // Close, and nothing in front of it.
        (FrameHeader header, byte[] payload) = await peer.ReadFrameAsync();
        Assert.Equal(Opcode.Close, header.Opcode);
        Assert.Equal(code, payload.Length == 0 ? 1005 : (payload[0] << 8) | payload[1]);
        await EndAsync(peer);
    }

    private static async Task EndAsync(RawPeer peer)
    {
        try
        {
            await peer.SendAsync(Frames.MaskedClose(1000));
            Assert.Empty(await peer.ReadToEndAsync());
        }
        catch (IOException)
        {
            // The server ended first, as it should; our farewell found nobody.
        }
    }

    private static async Task<string> ReadMessageAsync(RawPeer peer)
    {
        (FrameHeader header, byte[] payload) = await peer.ReadFrameAsync();
        string text = $"{header.Opcode}:{Encoding.Latin1.GetString(payload)}";

        while (!header.Fin)
        {
            (header, payload) = await peer.ReadFrameAsync();
            Assert.Equal(Opcode.Continuation, header.Opcode);
            text += Encoding.Latin1.GetString(payload);
        }

        return text;
    }

    public sealed class Host : IAsyncLifetime
    {
        private ServerHost? _host;

        public Uri Address => _host!.Address;

        public async Task InitializeAsync() => _host = await ServerHost.StartAsync(takeover: true, options: new WebSocketServerOptions
        {
            MaxReceivedFrameSize = Limit,
            MaxReceivedMessageSize = Limit,
            MaxControlFramesPerSecond = null,
            Compression = new WebSocketCompressionOptions { Threshold = int.MaxValue, ClientContextTakeover = true },
        });

        public async Task DisposeAsync() => await _host!.DisposeAsync();
    }
}
