using System.Net.WebSockets;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>The closing matrix (specification page, 5.2 and 6).</summary>
public sealed class WebSocketProtocolCloseTests
{
    public static TheoryData<int> LegalCodes => [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];

    public static TheoryData<int> IllegalCodes => [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

    [Theory, MemberData(nameof(LegalCodes))]
    public void Read_LegalClose_EchoesCodeAndReportsPeers(int code)
    {
        using var harness = new ProtocolHarness();

        harness.Receive(Frames.MaskedClose(code, "bye"));

        Assert.Equal([$"Close:{code}"], harness.Events);
        Assert.Equal(Frames.UnmaskedClose(code), harness.Output);
        Assert.Equal(new WebSocketCloseInfo((WebSocketCloseStatus)code, "bye", true, (WebSocketCloseStatus)code), harness.Protocol.GetCloseInfo());
        Assert.Equal(WebSocketConnectionState.CloseReceived, harness.Protocol.State);
    }

    [Theory, MemberData(nameof(IllegalCodes))]
    public void Read_IllegalCloseCode_FailsWith1002AndKeepsCode(int code)
    {
        using var harness = new ProtocolHarness();

        harness.Receive(Frames.MaskedClose(code));

        WebSocketCloseInfo info = harness.Protocol.GetCloseInfo();
        Assert.Equal(["Failed:1002"], harness.Events);
        Assert.Equal(WebSocketCloseStatus.ProtocolError, info.Code);
        Assert.Equal((WebSocketCloseStatus)code, info.PeerCloseCode);
        Assert.True(harness.Protocol.PeerClosed);
    }

    [Fact]
    public void Read_EmptyClose_AnsweredEmptyReported1005()
    {
        using var harness = new ProtocolHarness();

        harness.Receive(Frames.Masked(Opcode.Close, []));

        Assert.Equal(Frames.Unmasked(Opcode.Close, []), harness.Output);
        Assert.Equal(new WebSocketCloseInfo(WebSocketCloseStatus.Empty, "", true), harness.Protocol.GetCloseInfo());
    }

    [Fact]
    public void Read_CloseOfOneByte_FailsWith1002()
    {
        using var harness = new ProtocolHarness();

        harness.Receive(Frames.Masked(Opcode.Close, [3]));

        Assert.Equal(["Failed:1002"], harness.Events);
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("61C3")]
    [InlineData("EDA080")]
    public void Read_CloseReasonNotUtf8_FailsWith1007(string reason)
    {
        using var harness = new ProtocolHarness();

        harness.Receive(Frames.Masked(Opcode.Close, [0x03, 0xE8, .. Frames.Hex(reason)]));

        Assert.Equal(["Failed:1007"], harness.Events);
    }

    [Fact]
    public void Read_BytesAfterClose_AreDropped()
    {
        using var harness = new ProtocolHarness();

        harness.Receive(Frames.Join(Frames.MaskedClose(1000), Frames.Masked(Opcode.Text, "late"), [0xFF, 0xFF]));

        Assert.Equal(["Close:1000"], harness.Events);
        Assert.Equal(0, harness.UnreadLength);
    }

    [Fact]
    public void WriteClose_ThenPeersAnswer_IsCleanWithOurCode()
    {
        using var harness = new ProtocolHarness();

        harness.Protocol.WriteClose(WebSocketCloseStatus.EndpointUnavailable, "going");
        harness.Receive(Frames.Join(Frames.Masked(Opcode.Text, "late"), Frames.Masked(Opcode.Ping, "late"), Frames.MaskedClose(1000)));

        Assert.Equal(["Close:1000"], harness.Events);
        Assert.Equal(Frames.UnmaskedClose(1001, "going"), harness.Output);
        Assert.Equal(
            new WebSocketCloseInfo(WebSocketCloseStatus.EndpointUnavailable, "going", true, WebSocketCloseStatus.NormalClosure),
            harness.Protocol.GetCloseInfo());
        Assert.Equal(WebSocketConnectionState.Closed, harness.Protocol.State);
    }

    [Fact]
    public void WriteClose_InTheMiddleOfAFragmentedMessage_DiscardsTheRest()
    {
        using var harness = new ProtocolHarness();
        byte[] message = Frames.Join(Frames.Masked(Opcode.Text, "He", fin: false), Frames.Masked(Opcode.Continuation, "llo"));

        harness.Receive(message[..12]);
        harness.Protocol.WriteClose(WebSocketCloseStatus.NormalClosure);
        harness.Receive([.. message[12..], .. Frames.MaskedClose(1000)]);

        Assert.Equal(["Close:1000"], harness.Events);
    }

    [Fact]
    public void WriteClose_Twice_WritesOnce()
    {
        using var harness = new ProtocolHarness();

        harness.Protocol.WriteClose(WebSocketCloseStatus.NormalClosure, "");
        harness.Protocol.WriteClose(WebSocketCloseStatus.InternalServerError, "again");

        Assert.Equal(Frames.UnmaskedClose(1000), harness.Output);
    }

    [Fact]
    public void WriteClose_WithoutReason_SendsStandardText()
    {
        using var harness = new ProtocolHarness();

        harness.Protocol.WriteClose(WebSocketCloseStatus.NormalClosure);

        Assert.Equal(Frames.UnmaskedClose(1000, "Normal Closure"), harness.Output);
    }

    [Theory, MemberData(nameof(IllegalCodes))]
    public void WriteClose_IllegalCode_Throws(int code)
    {
        using var harness = new ProtocolHarness();

        Assert.Throws<ArgumentOutOfRangeException>(() => harness.Protocol.WriteClose((WebSocketCloseStatus)code, ""));
    }

    [Fact]
    public void WriteClose_ReasonOver123Bytes_Throws()
    {
        using var harness = new ProtocolHarness();

        Assert.Throws<ArgumentException>(() => harness.Protocol.WriteClose(WebSocketCloseStatus.NormalClosure, new string('я', 62)));
        Assert.Empty(harness.Output);
    }

    [Fact]
    public void WriteMessage_AfterClose_ThrowsAndWritesNothing()
    {
        using var harness = new ProtocolHarness();
        harness.Protocol.WriteClose(WebSocketCloseStatus.NormalClosure, "");
        int before = harness.Output.Length;

        Assert.Throws<InvalidOperationException>(() => harness.Protocol.WriteMessage(WebSocketMessageType.Text, "x"u8));
        Assert.Throws<InvalidOperationException>(() => harness.Protocol.WritePing());
        Assert.Equal(before, harness.Output.Length);
    }

    [Fact]
    public void GetCloseInfo_TransportEndedWithoutClose_Reports1006()
    {
        using var harness = new ProtocolHarness();

        harness.Protocol.OnTransportEnded();

        Assert.Equal(CloseCode.Abnormal, harness.Protocol.GetCloseInfo().Code);
        Assert.Equal(WebSocketConnectionState.Closed, harness.Protocol.State);
    }

    [Fact]
    public void GetCloseInfo_AbortedWhileWaitingForThePeer_ReportsOursUnclean()
    {
        using var harness = new ProtocolHarness();

        harness.Protocol.WriteClose(WebSocketCloseStatus.NormalClosure, "done");
        harness.Protocol.OnAborted();

        Assert.Equal(new WebSocketCloseInfo(WebSocketCloseStatus.NormalClosure, "done", false), harness.Protocol.GetCloseInfo());
    }
}
