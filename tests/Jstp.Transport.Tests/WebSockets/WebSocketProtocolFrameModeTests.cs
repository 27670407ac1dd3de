using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Frames handed out one by one (specification page, 5.4).</summary>
public sealed class WebSocketProtocolFrameModeTests
{
    private static readonly WebSocketProtocolOptions FrameMode = new() { AssembleFragments = false };

    [Fact]
    public void Read_SingleFrameMessage_GivesFrameThenMessage()
    {
        using var harness = new ProtocolHarness(FrameMode);

        harness.Receive(Frames.Masked(Opcode.Text, "Hello"));

        Assert.Equal(["Frame:fin Text:Hello", "Text:Hello"], harness.Events);
    }

    [Fact]
    public void Read_Fragments_GivesFramesOnly()
    {
        using var harness = new ProtocolHarness(FrameMode);
        byte[] received = Frames.Join(
            Frames.Masked(Opcode.Text, "He", fin: false),
            Frames.Masked(Opcode.Ping, "p"),
            Frames.Masked(Opcode.Continuation, "llo"));

        harness.ReceiveByteByByte(received);

        Assert.Equal(["Frame:Text:He", "Frame:fin Ping:p", "Ping:p", "Frame:fin Continuation:llo"], harness.Events);
        Assert.Equal(Frames.Unmasked(Opcode.Pong, "p"), harness.Output);
    }

    [Fact]
    public void Read_Close_GivesFrameThenClose()
    {
        using var harness = new ProtocolHarness(FrameMode);

        harness.Receive(Frames.MaskedClose(1000));

        Assert.Equal(2, harness.Events.Count);
        Assert.StartsWith("Frame:fin Close", harness.Events[0], StringComparison.Ordinal);
        Assert.Equal("Close:1000", harness.Events[1]);
    }

    [Fact]
    public void Read_BrokenSequence_IsRefusedAsEver()
    {
        using var harness = new ProtocolHarness(FrameMode);

        harness.Receive(Frames.Masked(Opcode.Continuation, "x"));

        Assert.Equal(["Failed:1002"], harness.Events);
    }

    [Theory]
    [InlineData(true, "Failed:1007")]
    [InlineData(false, "Frame:fin Continuation:\u00FF")]
    public void Read_BadTextAcrossFragments_IsRefusedUnlessOptedOut(bool validate, string last)
    {
        using var harness = new ProtocolHarness(new WebSocketProtocolOptions { AssembleFragments = false, ValidateUtf8InFrameMode = validate });

        harness.Receive(Frames.Join(Frames.Masked(Opcode.Text, "a", fin: false), Frames.Masked(Opcode.Continuation, [0xFF])));

        Assert.Equal(last, harness.Events[^1]);
    }

    [Fact]
    public void Read_WithoutMessageLimit_TakesFragmentsWithoutEnd()
    {
        using var harness = new ProtocolHarness(new WebSocketProtocolOptions
        {
            AssembleFragments = false,
            MaxReceivedMessageSize = null,
            MaxFragmentsPerMessage = null,
            MaxReceivedFrameSize = 100,
        });

        harness.Receive(Frames.Masked(Opcode.Binary, new byte[100], fin: false));

        for (int i = 0; i < 1000; i++)
        {
            harness.Receive(Frames.Masked(Opcode.Continuation, new byte[100], fin: false));
        }

        Assert.Equal(1001, harness.Events.Count);
    }
}
