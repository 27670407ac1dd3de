using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Jstp.Actors.Cluster;

namespace Jstp.Actors.Tests.Cluster;

public sealed class ClusterMessageCodecTests
{
    private static readonly Gen<string> Text = ArbMap.Default.GeneratorFor<string>().Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")));
    private static readonly Gen<string?> Name = Gen.OneOf(Text.Select(text => (string?)text), Gen.Constant<string?>(null));
    private static readonly Gen<string[]> Ids = Text.ArrayOf();

    private static readonly Gen<ClusterMessage> Messages = Gen.OneOf(
        Ids.Select(ClusterMessage (ids) => new ClusterMessage.HandOver(ids)),
        Ids.Select(ClusterMessage (ids) => new ClusterMessage.Released(ids)),
        ArbMap.Default.GeneratorFor<long[]>().Select(ClusterMessage (keys) => new ClusterMessage.Posted(keys)),
        Name.Zip(Text, ClusterMessage (application, tail) => new ClusterMessage.Broadcast(application, Encoding.UTF8.GetBytes(tail))),
        Name.Zip(Text, ClusterMessage (application, user) => new ClusterMessage.DisconnectUser(application, user)),
        Text.Select(ClusterMessage (id) => new ClusterMessage.DisconnectSession(id)),
        Gen.Constant<ClusterMessage>(ClusterMessage.NodesChanged.Instance));

    [Fact]
    public void Decode_AnyMessages_GivesThemBackInOrder() =>
        Prop.ForAll(Messages.ListOf().ToArbitrary(), messages =>
        {
            byte[] text = ClusterMessageCodec.Encode(messages);
            IReadOnlyList<ClusterMessage>? read = ClusterMessageCodec.Decode(text, out int ignoredCount);

            return read is not null && ignoredCount == 0 && read.Select(Describe).SequenceEqual(messages.Select(Describe));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Encode_AnyMessages_HasNoZeroByte() =>
        Prop.ForAll(Messages.ListOf().ToArbitrary(), messages => !ClusterMessageCodec.Encode(messages).Contains((byte)0)).QuickCheckThrowOnFailure();

    [Fact]
    public void Encode_Event_IsNotEscapedForTheSakeOfHtml()
    {
        byte[] text = ClusterMessageCodec.Encode([new ClusterMessage.Broadcast("chat", ",'room'],said:['<Jörg> & \u0000']}"u8.ToArray())]);

        Assert.Equal("""[{"kind":"broadcast","app":"chat","event":",'room'],said:['<Jörg> & \u0000']}"}]""", Encoding.UTF8.GetString(text));
    }

    [Theory]
    [InlineData("""[{"kind":"tomorrow","ids":["a"]},{"kind":"nodesChanged"}]""", 1, 1)] // a kind of a newer node
    [InlineData("""[{"kind":"nodesChanged","why":"tomorrow"}]""", 1, 0)] // an addition of a newer node
    [InlineData("""[{"kind":"handOver"}]""", 0, 1)]
    [InlineData("""[{"kind":"released","ids":["a",null]}]""", 0, 1)]
    [InlineData("""[{"kind":"posted"}]""", 0, 1)]
    [InlineData("""[{"kind":"broadcast","app":"chat"}]""", 0, 1)]
    [InlineData("""[{"kind":"disconnectUser","app":"chat"}]""", 0, 1)]
    [InlineData("""[{"kind":"disconnectSession","ids":["a","b"]}]""", 0, 1)]
    [InlineData("[null,{}]", 0, 2)]
    public void Decode_WhatThisVersionDoesNotKnow_IsIgnoredAndCounted(string text, int expectedCount, int expectedIgnoredCount)
    {
        IReadOnlyList<ClusterMessage>? messages = ClusterMessageCodec.Decode(Encoding.UTF8.GetBytes(text), out int ignoredCount);

        Assert.Equal((expectedCount, expectedIgnoredCount), (messages!.Count, ignoredCount));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[{\"kind\":1}]")]
    [InlineData("[{\"kind\":\"posted\",\"keys\":[\"one\"]}]")]
    [InlineData("[{\"kind\":\"nodesChanged\"}")]
    public void Decode_NoTextOfANode_GivesNull(string text) => Assert.Null(ClusterMessageCodec.Decode(Encoding.UTF8.GetBytes(text), out _));

    private static string Describe(ClusterMessage message) => Encoding.UTF8.GetString(ClusterMessageCodec.Encode([message]));
}
