using FsCheck;
using FsCheck.Fluent;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

public sealed class FrameHeaderTests
{
    [Theory]
    [InlineData("8180", 0, 6)]
    [InlineData("81FD", 125, 6)]
    [InlineData("81FE007E", 126, 8)]
    [InlineData("81FEFFFF", 65_535, 8)]
    [InlineData("81FF0000000000010000", 65_536, 14)]
    [InlineData("81FF7FFFFFFFFFFFFFFF", long.MaxValue, 14)]
    [InlineData("81FE0001", 1, 8)]
    [InlineData("81FF0000000000000001", 1, 14)]
    public void TryParse_EveryFormOfLength_IsRead(string digits, long payloadLength, int headerLength)
    {
        byte[] bytes = [.. Frames.Hex(digits), 1, 2, 3, 4];

        FrameHeaderStatus status = FrameHeader.TryParse(bytes, out FrameHeader header);

        Assert.Equal(FrameHeaderStatus.Complete, status);
        Assert.Equal(payloadLength, header.PayloadLength);
        Assert.Equal(headerLength, header.Length);
        Assert.True(header is { Fin: true, Opcode: Opcode.Text, IsMasked: true, Reserved: 0 });
    }

    [Fact]
    public void TryParse_TopBitOfLength_IsInvalid()
    {
        FrameHeaderStatus status = FrameHeader.TryParse(Frames.Hex("827F8000000000000000"), out _);

        Assert.Equal(FrameHeaderStatus.InvalidLength, status);
    }

    [Fact]
    public void TryParse_EveryPrefix_NeedsMore()
    {
        byte[] header = Frames.MaskedHeader(Opcode.Binary, 70_000);

        for (int length = 0; length < header.Length; length++)
        {
            Assert.Equal(FrameHeaderStatus.NeedMore, FrameHeader.TryParse(header.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void TryParse_AcrossSegments_ReadsTheSame()
    {
        byte[] bytes = Frames.MaskedHeader(Opcode.Binary, 70_000);

        Assert.Equal(FrameHeaderStatus.Complete, FrameHeader.TryParse(Frames.Cut(bytes, 1), out FrameHeader header));
        Assert.Equal(70_000, header.PayloadLength);
        Assert.Equal(bytes.Length, header.Length);
    }

    [Fact]
    public void Format_AnyLength_ReadsBackInItsShortestForm()
        => Prop.ForAll<long, uint, bool>((seed, key, masked) =>
        {
            long length = Math.Abs(seed % 200_000);
            byte[] bytes = new byte[FrameHeader.MaxLength];

            int written = FrameHeader.Format(bytes, FrameHeader.ComposeFirstByte(Opcode.Binary, fin: true), length, masked, key);

            return FrameHeader.TryParse(bytes.AsSpan(0, written), out FrameHeader header) is FrameHeaderStatus.Complete
                && header.PayloadLength == length
                && header.Length == written
                && header.IsMasked == masked
                && header.MaskKey == (masked ? key : 0)
                && written == FrameHeader.GetLength(length, masked);
        }).QuickCheckThrowOnFailure();
}
