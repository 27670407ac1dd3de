using System.Collections.Concurrent;
using Jstp.Actors.Persistence;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Persistence;

public abstract partial class SessionStoreContract
{
    private protected sealed class Ear
    {
        public Ear(INodeMembership node)
        {
            node.Bus.Received += message => Heard.Enqueue((message.Sender, Text(message.Text)));
        }

        public ConcurrentQueue<(int Sender, string Text)> Heard { get; } = [];

        public Task HearsAsync(int count) => Patience.UntilAsync(() => Heard.Count >= count, $"{count} messages on the bus");
    }

    [Fact]
    public async Task JoinAsync_Nodes_AreListedOldestFirst()
    {
        await Other.SetStateAsync(NodeState.Up, CancellationToken.None);

        IReadOnlyList<NodeInfo> nodes = await Node.GetNodesAsync(CancellationToken.None);

        Assert.Equal([(Node.Number, "here", NodeState.Starting), (Other.Number, "there", NodeState.Up)], nodes.Select(static node => (node.Number, node.Name, node.State)));
        Assert.False(Node.IsCutOff);
        Assert.Equal("here", Node.Name);
    }

    [Fact]
    public async Task JoinAsync_AfterLeaving_GivesAnotherNumber()
    {
        await Node.DisposeAsync();

        await using INodeMembership again = await Store.JoinAsync("here", CancellationToken.None);

        Assert.True(again.Number > Other.Number);
        Assert.Equal([Other.Number, again.Number], (await Other.GetNodesAsync(CancellationToken.None)).Select(static node => node.Number));
    }

    [Fact]
    public async Task JoinAsync_SameName_CutsThePredecessorOff()
    {
        var cutOff = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Node.CutOffChanged += isCutOff => cutOff.TrySetResult(isCutOff);

        await using INodeMembership successor = await OtherStore.JoinAsync("here", CancellationToken.None);

        Assert.True(await cutOff.Task.WithinLimitAsync("the predecessor to be cut off"));
        Assert.True(Node.IsCutOff);
        Assert.False(successor.IsCutOff);
    }

    [Fact]
    public async Task DisposeAsync_OfAMembershipTwice_IsFine()
    {
        await Node.DisposeAsync();
        await Node.DisposeAsync();

        Assert.Single(await Other.GetNodesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Publish_ToOneAndToAll_IsHeardByThose()
    {
        await using INodeMembership third = await Store.JoinAsync("third", CancellationToken.None);
        Ear here = new(Node), there = new(Other), ear = new(third);

        Node.Bus.Publish(Other.Number, Utf8("to there"));
        Node.Bus.Publish(null, Utf8("to all"));
        Node.Bus.Publish(Node.Number, Utf8("to itself"));
        Other.Bus.Publish(Node.Number, Utf8("end"));
        await Task.WhenAll(there.HearsAsync(2), ear.HearsAsync(1), here.HearsAsync(1));

        Assert.Equal([(Node.Number, "to there"), (Node.Number, "to all")], there.Heard);
        Assert.Equal([(Node.Number, "to all")], ear.Heard);
        Assert.Contains((Other.Number, "end"), here.Heard);
        Assert.DoesNotContain((Node.Number, "to all"), here.Heard);
    }

    [Fact]
    public async Task Publish_Many_AreHeardOnceAndInOrder()
    {
        var ear = new Ear(Other);

        for (int i = 0; i < 5_000; i++)
        {
            Node.Bus.Publish(i % 2 == 0 ? Other.Number : null, Utf8($"{i / 4}")); // some are equal, and all are heard
        }

        await ear.HearsAsync(5_000);
        Assert.Equal(Enumerable.Range(0, 5_000).Select(static i => $"{i / 4}"), ear.Heard.Select(static message => message.Text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7_890)]
    [InlineData(7_900)]
    [InlineData(7_901)]
    [InlineData(8_000)]
    [InlineData(3_000_000)]
    public async Task Publish_OfAnyLength_IsHeardBetweenItsNeighbours(int length)
    {
        var ear = new Ear(Other);
        string text = new('x', length);

        Node.Bus.Publish(Other.Number, Utf8("before"));
        Node.Bus.Publish(Other.Number, Utf8(text));
        Node.Bus.Publish(Other.Number, Utf8("after"));

        await ear.HearsAsync(3);
        Assert.Equal(["before", text, "after"], ear.Heard.Select(static message => message.Text));
    }

    [Fact]
    public async Task Publish_AnyCharacters_AreHeardAsTheyWereSaid()
    {
        var ear = new Ear(Other);
        const string text = "🦊 ü ' \" \\ ; -- \n\t 1:2:3!";

        Node.Bus.Publish(null, Utf8(text));

        await ear.HearsAsync(1);
        Assert.Equal([(Node.Number, text)], ear.Heard);
    }

    [Fact]
    public async Task Publish_ToNobody_IsDropped()
    {
        var ear = new Ear(Other);

        Node.Bus.Publish(1_000_000, Utf8("into the void"));
        Node.Bus.Publish(Other.Number, Utf8("heard"));

        await ear.HearsAsync(1);
        Assert.Equal([(Node.Number, "heard")], ear.Heard);
    }
}
