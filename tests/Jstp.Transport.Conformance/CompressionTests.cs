using System.IO.Compression;
using Jstp.Transport.Tests.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Conformance;

/// <summary>RFC 7692 with every combination of parameters, messages of many sizes, and an inflater of this project's own making.</summary>
public sealed class CompressionTests(CompressionTests.Host fixture) : IClassFixture<CompressionTests.Host>
{
    private const int Rsv1 = 4;

    public static TheoryData<string> Offers
    {
        get
        {
            var rows = new TheoryData<string>();

            foreach (string window in (string[])["", .. Enumerable.Range(8, 8).Select(bits => $"; server_max_window_bits={bits}")])
            {
                foreach (string server in (string[])["", "; server_no_context_takeover"])
                {
                    rows.Add($"permessage-deflate{window}{server}");
                    rows.Add($"permessage-deflate{window}{server}; client_no_context_takeover; client_max_window_bits");
                    rows.Add($"permessage-deflate{window}{server}; client_max_window_bits=9");
                }
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(Offers))]
    public async Task Echo_EveryCombinationOfParameters_GivesEveryMessageBack(string offer)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(fixture.Address);
        await peer.SendAsync(RawPeer.Handshake("/", $"Sec-WebSocket-Extensions: {offer}"));
        string head = await peer.ReadHeadAsync();
        Assert.Contains("\r\nSec-WebSocket-Extensions: permessage-deflate", head, StringComparison.Ordinal);
        using var codec = new Codec(
            clientTakeover: !head.Contains("client_no_context_takeover", StringComparison.Ordinal),
            serverTakeover: !head.Contains("server_no_context_takeover", StringComparison.Ordinal));

        foreach (byte[] message in CreateMessages())
        {
            await SendAsync(peer, codec.Deflate(message), fragments: 1 + (message.Length % 3));
            Assert.Equal(message, await ReceiveAsync(peer, codec));
        }
    }

    private static IEnumerable<byte[]> CreateMessages()
    {
        var random = new Random(7692);

        foreach (int length in (int[])[0, 1, 10, 100, 1000, 1000, 8000, 40_000, 40_000, 120_000])
        {
            byte[] message = new byte[length];
            random.NextBytes(message);

            // Half noise, half a pattern that reaches far back.
            for (int i = length / 2; i < length; i++)
            {
                message[i] = (byte)(i % 1021 % 251);
            }

            yield return message;
        }
    }

    private static async Task SendAsync(RawPeer peer, byte[] compressed, int fragments)
    {
        int size = Math.Max(1, (compressed.Length + fragments - 1) / fragments);

        for (int start = 0; start < compressed.Length; start += size)
        {
            byte[] fragment = compressed[start..Math.Min(compressed.Length, start + size)];
            bool first = start == 0;
            await peer.SendAsync(Frames.Masked(first ? Opcode.Binary : Opcode.Continuation, fragment, start + size >= compressed.Length, first ? Rsv1 : 0));
        }
    }

    private static async Task<byte[]> ReceiveAsync(RawPeer peer, Codec codec)
    {
        (FrameHeader header, byte[] payload) = await peer.ReadFrameAsync();
        bool compressed = header.Rsv1;
        Assert.Equal(Opcode.Binary, header.Opcode);

        while (!header.Fin)
        {
            (header, byte[] more) = await peer.ReadFrameAsync();
            Assert.Equal(0, header.Reserved);
            payload = [.. payload, .. more];
        }

        return compressed ? codec.Inflate(payload) : payload;
    }

    /// <summary>A client's compression, on streams that are fed by hand.</summary>
    private sealed class Codec(bool clientTakeover, bool serverTakeover) : IDisposable
    {
        private readonly MemoryStream _deflated = new();
        private readonly FedStream _fed = new();
        private DeflateStream? _deflate;
        private DeflateStream? _inflate;

        public byte[] Deflate(byte[] message)
        {
            _deflated.SetLength(0);
            _deflate ??= new DeflateStream(_deflated, CompressionLevel.Optimal, leaveOpen: true);
            _deflate.Write(message);
            _deflate.Flush();
            byte[] compressed = message.Length == 0 ? [0] : _deflated.ToArray()[..^4];

            if (!clientTakeover)
            {
                _deflate.Dispose();
                _deflate = null;
            }

            return compressed;
        }

        public byte[] Inflate(byte[] compressed)
        {
            _fed.Feed([.. compressed, 0, 0, 0xFF, 0xFF]);
            _inflate ??= new DeflateStream(_fed, CompressionMode.Decompress, leaveOpen: true);
            using var message = new MemoryStream();
            _inflate.CopyTo(message);

            if (!serverTakeover)
            {
                _inflate.Dispose();
                _inflate = null;
            }

            return message.ToArray();
        }

        public void Dispose()
        {
            _deflate?.Dispose();
            _inflate?.Dispose();
        }
    }

    /// <summary>Ends at what it was fed, and goes on when it is fed more.</summary>
    private sealed class FedStream : MemoryStream
    {
        public void Feed(byte[] bytes)
        {
            SetLength(0);
            Write(bytes);
            Position = 0;
        }
    }

    public sealed class Host : IAsyncLifetime
    {
        private ServerHost? _host;

        public Uri Address => _host!.Address;

        public async Task InitializeAsync() => _host = await ServerHost.StartAsync(takeover: true, options: new WebSocketServerOptions
        {
            MaxReceivedFrameSize = 200_000,
            Compression = new WebSocketCompressionOptions { ServerContextTakeover = true, ClientContextTakeover = true, Threshold = 0 },
        });

        public async Task DisposeAsync() => await _host!.DisposeAsync();
    }
}
