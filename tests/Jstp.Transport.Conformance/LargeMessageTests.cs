using System.Security.Cryptography;
using Jstp.Transport.Tests.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Conformance;

/// <summary>Messages of up to 16 MiB, whole, in fragments of every size, and in packets of odd sizes: what conformance suites send to show limits and speed.</summary>
public sealed class LargeMessageTests(LargeMessageTests.Host fixture) : IClassFixture<LargeMessageTests.Host>
{
    private const int MiB = 1024 * 1024;

    /// <summary>Bytes of a message, bytes of a fragment.</summary>
    public static TheoryData<int, int> Messages => new()
    {
        { 64 * 1024, 64 * 1024 },
        { MiB, MiB },
        { 16 * MiB, 16 * MiB },
        { 4 * MiB, 64 },
        { 4 * MiB, 1024 },
        { 4 * MiB, 64 * 1024 },
        { 16 * MiB, 4 * MiB },
    };

    [Theory, MemberData(nameof(Messages))]
    public Task Echo_Binary_GivesItBack(int length, int fragment)
        => PlayAsync(Opcode.Binary, RandomNumberGenerator.GetBytes(length), fragment, packet: int.MaxValue);

    [Theory, MemberData(nameof(Messages))]
    public Task Echo_Text_GivesItBack(int length, int fragment)
        => PlayAsync(Opcode.Text, CreateText(length), fragment, packet: int.MaxValue);

    [Theory, InlineData(64), InlineData(512), InlineData(1999)]
    public Task Echo_InSmallPackets_GivesItBack(int packet)
        => PlayAsync(Opcode.Text, CreateText(MiB), MiB, packet);

    [Fact]
    public async Task Echo_OneByteMoreThanTheLimit_IsRefusedAtItsHeader()
    {
        using RawPeer peer = await RawPeer.UpgradeAsync(fixture.Address);

        await peer.SendAsync(Frames.MaskedHeader(Opcode.Binary, Host.Limit + 1));

        Assert.Equal(1009, await peer.ReadCloseAsync());
    }

    private async Task PlayAsync(Opcode opcode, byte[] message, int fragment, int packet)
    {
        using RawPeer peer = await RawPeer.UpgradeAsync(fixture.Address);
        byte[] wire = Frame(opcode, message, fragment);

        Task send = packet == int.MaxValue ? peer.SendAsync(wire) : peer.SendChoppedAsync(wire, packet);
        byte[] answer = await ReadAsync(peer, opcode);
        await send;

        Assert.Equal(message.Length, answer.Length);
        Assert.True(message.AsSpan().SequenceEqual(answer));
    }

    private static byte[] CreateText(int length)
    {
        // Characters of three bytes, so that every cut falls into some.
        byte[] text = new byte[length];
        ReadOnlySpan<byte> character = "\u20AC"u8;

        for (int i = 0; i < length / 3 * 3; i++)
        {
            text[i] = character[i % 3];
        }

        text.AsSpan(length / 3 * 3).Fill((byte)'.');
        return text;
    }

    private static byte[] Frame(Opcode opcode, byte[] message, int fragment)
    {
        using var wire = new MemoryStream();

        for (int start = 0; start < message.Length; start += fragment)
        {
            int end = Math.Min(message.Length, start + fragment);
            wire.Write(Frames.Masked(start == 0 ? opcode : Opcode.Continuation, message.AsSpan(start, end - start), fin: end == message.Length));
        }

        return wire.ToArray();
    }

    private static async Task<byte[]> ReadAsync(RawPeer peer, Opcode opcode)
    {
        using var message = new MemoryStream();
        (FrameHeader header, byte[] payload) = await peer.ReadFrameAsync();
        Assert.Equal(opcode, header.Opcode);
        message.Write(payload);

        while (!header.Fin)
        {
            (header, payload) = await peer.ReadFrameAsync();
            Assert.Equal(Opcode.Continuation, header.Opcode);
            message.Write(payload);
        }

        return message.ToArray();
    }

    public sealed class Host : IAsyncLifetime
    {
        public const int Limit = 16 * MiB;

        private ServerHost? _host;

        public Uri Address => _host!.Address;

        public async Task InitializeAsync() => _host = await ServerHost.StartAsync(takeover: true, options: new WebSocketServerOptions
        {
            MaxReceivedFrameSize = Limit,
            MaxReceivedMessageSize = Limit,
            MaxFragmentsPerMessage = null,
        });

        public async Task DisposeAsync() => await _host!.DisposeAsync();
    }
}
