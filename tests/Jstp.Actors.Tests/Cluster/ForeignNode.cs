using System.Collections.Concurrent;
using Jstp.Actors.Cluster;
using Jstp.Actors.Persistence;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Cluster;

/// <summary>Another node of a server's cluster, whose part the test plays.</summary>
internal sealed class ForeignNode : IAsyncDisposable
{
    private readonly ConcurrentQueue<ClusterMessage> _heard = new();

    private ForeignNode(INodeMembership membership)
    {
        Membership = membership;
        membership.Bus.Received += OnReceived;
    }

    public INodeMembership Membership { get; }

    /// <summary>How many texts came, each with one message or several.</summary>
    public int TextCount { get; private set; }

    public static async Task<ForeignNode> JoinAsync(ISessionStore store, string name = "foreign") =>
        new(await store.JoinAsync(name, CancellationToken.None));

    /// <summary>Says something to all others.</summary>
    public void Say(params IEnumerable<ClusterMessage> messages) => Membership.Bus.Publish(node: null, ClusterMessageCodec.Encode(messages));

    public void SayRaw(ReadOnlySpan<byte> text) => Membership.Bus.Publish(node: null, text.ToArray());

    /// <summary>Waits for the next message of a kind; what comes before it is dropped.</summary>
    public async Task<T> ExpectAsync<T>()
        where T : ClusterMessage
    {
        ClusterMessage? message = null;
        await Patience.UntilAsync(
            () =>
            {
                while (message is not T && _heard.TryDequeue(out message))
                {
                }

                return message is T;
            },
            $"the message {typeof(T).Name}");

        return (T)message!;
    }

    public ValueTask DisposeAsync() => Membership.DisposeAsync();

    private void OnReceived(BusMessage message)
    {
        TextCount++;

        IReadOnlyList<ClusterMessage>? messages = ClusterMessageCodec.Decode(message.Text.Span, out int ignoredCount);
        Assert.Equal(0, ignoredCount);

        foreach (ClusterMessage heard in messages!)
        {
            _heard.Enqueue(heard);
        }
    }
}
