using System.Net.WebSockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>What one end writes the other reads, however it is cut.</summary>
public sealed class WebSocketProtocolRoundTripTests
{
    [Fact]
    public void WriteMessage_AnyFragmentationCutsAndRole_ReadsBack()
        => Prop.ForAll<byte[][], PositiveInt, (PositiveInt Size, bool FromClient)>((messages, threshold, variant) =>
        {
            (WebSocketRole from, WebSocketRole to) = variant.FromClient
                ? (WebSocketRole.Client, WebSocketRole.Server)
                : (WebSocketRole.Server, WebSocketRole.Client);
            using var sender = new ProtocolHarness(new WebSocketProtocolOptions { FragmentationThreshold = threshold.Get }, from);
            using var receiver = new ProtocolHarness(role: to);

            foreach (byte[] message in messages)
            {
                sender.Protocol.WriteMessage(WebSocketMessageType.Binary, message);
                sender.Protocol.WritePing(message.AsSpan(0, Math.Min(message.Length, 10)));
            }

            byte[] wire = sender.Output;
            int cut = variant.Size.Get;

            for (int start = 0; start < wire.Length; start += cut)
            {
                receiver.Receive(wire[start..Math.Min(wire.Length, start + cut)], 1 + (cut / 3));
            }

            return receiver.Messages.Count == messages.Length
                && receiver.Messages.Zip(messages).All(pair => pair.First.SequenceEqual(pair.Second))
                && receiver.Protocol.State is WebSocketConnectionState.Open;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(99, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(200, 2)]
    [InlineData(250, 3)]
    [InlineData(0, 1)]
    public void WriteMessage_AroundTheThreshold_CutsIntoThatManyFrames(int length, int frames)
    {
        using var harness = new ProtocolHarness(new WebSocketProtocolOptions { FragmentationThreshold = 100 });
        using var receiver = new ProtocolHarness(new WebSocketProtocolOptions { AssembleFragments = false }, WebSocketRole.Client);

        harness.Protocol.WriteMessage(WebSocketMessageType.Binary, new byte[length]);
        receiver.Receive(harness.Output);

        string[] seen = [.. receiver.Events.Where(text => text.StartsWith("Frame:", StringComparison.Ordinal))];
        Assert.Equal(frames, seen.Length);
        Assert.StartsWith(frames == 1 ? "Frame:fin Binary" : "Frame:Binary", seen[0], StringComparison.Ordinal);
        Assert.All(seen[1..], text => Assert.Contains("Continuation", text, StringComparison.Ordinal));
        Assert.StartsWith("Frame:fin", seen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void WriteMessage_TextCutInsideASequence_IsValidForTheReader()
    {
        using var sender = new ProtocolHarness(new WebSocketProtocolOptions { FragmentationThreshold = 1 });
        using var receiver = new ProtocolHarness(role: WebSocketRole.Client);

        sender.Protocol.WriteMessage(WebSocketMessageType.Text, "€😀"u8);
        receiver.Receive(sender.Output);

        Assert.Equal("€😀", Encoding.UTF8.GetString(Assert.Single(receiver.Messages)));
    }

    [Fact]
    public void WriteMessage_FragmentationOff_IsOneFrame()
    {
        using var harness = new ProtocolHarness(new WebSocketProtocolOptions { FragmentOutgoingMessages = false, FragmentationThreshold = 1 });

        harness.Protocol.WriteMessage(WebSocketMessageType.Binary, new byte[70_000]);

        Assert.Equal(70_010, harness.Output.Length);
    }

    [Fact]
    public void WriteMessage_FromAClient_NeverRepeatsAMaskKey()
    {
        using var harness = new ProtocolHarness(role: WebSocketRole.Client);

        for (int i = 0; i < 200; i++)
        {
            harness.Protocol.WriteMessage(WebSocketMessageType.Binary, []);
        }

        Assert.Equal(200, harness.Output.Chunk(6).Select(frame => BitConverter.ToUInt32(frame, 2)).Distinct().Count());
    }
}
