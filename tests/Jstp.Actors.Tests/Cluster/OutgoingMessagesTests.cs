using Jstp.Actors.Cluster;

namespace Jstp.Actors.Tests.Cluster;

public sealed class OutgoingMessagesTests
{
    private readonly OutgoingMessages _outgoing = new();

    [Fact]
    public void TakeAll_SameKindInARow_IsOneMessage()
    {
        _outgoing.Add(2, new ClusterMessage.HandOver(["a"]));
        _outgoing.Add(2, new ClusterMessage.HandOver(["b", "c"]));
        _outgoing.Add(3, new ClusterMessage.Posted([1, 2]));
        _outgoing.Add(3, new ClusterMessage.Posted([2, 3]));

        (int? Node, IReadOnlyList<ClusterMessage> Messages)[] taken = [.. _outgoing.TakeAll()];

        Assert.Equal([2, 3], taken.Select(entry => entry.Node));
        Assert.Equal(["a", "b", "c"], Assert.IsType<ClusterMessage.HandOver>(Assert.Single(taken[0].Messages)).SessionIds);
        Assert.Equal([1, 2, 3], Assert.IsType<ClusterMessage.Posted>(Assert.Single(taken[1].Messages)).SessionKeys);
        Assert.True(_outgoing.IsEmpty);
    }

    [Fact]
    public void TakeAll_ReleasedBeforeAndBehindHandOver_KeepsTheOrder()
    {
        _outgoing.Add(2, new ClusterMessage.Released(["a"]));
        _outgoing.Add(2, new ClusterMessage.HandOver(["a"]));
        _outgoing.Add(2, new ClusterMessage.Released(["b"]));

        IReadOnlyList<ClusterMessage> messages = Assert.Single(_outgoing.TakeAll()).Messages;

        Assert.Collection(
            messages,
            message => Assert.Equal(["a"], Assert.IsType<ClusterMessage.Released>(message).SessionIds),
            message => Assert.Equal(["a"], Assert.IsType<ClusterMessage.HandOver>(message).SessionIds),
            message => Assert.Equal(["b"], Assert.IsType<ClusterMessage.Released>(message).SessionIds));
    }

    [Fact]
    public void TakeAll_Broadcasts_StayApart()
    {
        _outgoing.Add(null, new ClusterMessage.Broadcast("chat", new byte[] { 1 }));
        _outgoing.Add(null, new ClusterMessage.Broadcast("chat", new byte[] { 1 }));

        Assert.Equal(2, Assert.Single(_outgoing.TakeAll()).Messages.Count);
    }
}
