using System.Threading.Channels;

namespace Jstp.Actors.Persistence.Local;

/// <summary>A member of a cluster within one process, and its end of the bus: what it is told waits in a queue that one task works off.</summary>
internal sealed class LocalNode : INodeMembership, IClusterBus
{
    private readonly LocalCluster _cluster;
    private readonly DateTimeOffset _joinedAt;
    private readonly Channel<BusMessage> _heard = Channel.CreateUnbounded<BusMessage>(new UnboundedChannelOptions { SingleReader = true });
    private NodeState _state;

    public LocalNode(LocalCluster cluster, int number, string name, DateTimeOffset joinedAt)
    {
        _cluster = cluster;
        _joinedAt = joinedAt;
        Number = number;
        Name = name;
        _ = TellAsync();
    }

    public event Action<bool>? CutOffChanged;

    public event Action<BusMessage>? Received;

    /// <summary>Never raised: within a process nothing is missed.</summary>
    public event Action? Missed
    {
        add { }
        remove { }
    }

    public int Number { get; }

    public string Name { get; }

    public bool IsCutOff { get; private set; }

    public IClusterBus Bus => this;

    public NodeInfo Info => new(Number, Name, _state, _joinedAt);

    public Task SetStateAsync(NodeState state, CancellationToken cancellationToken)
    {
        _state = state;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<NodeInfo>> GetNodesAsync(CancellationToken cancellationToken) => Task.FromResult(_cluster.GetNodes());

    public void Publish(int? node, ReadOnlyMemory<byte> text) => _cluster.Publish(Number, node, text);

    public ValueTask DisposeAsync()
    {
        _cluster.Leave(this);
        _heard.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes a message into the queue; the cluster's lock is held.</summary>
    public void Hear(BusMessage message) => _heard.Writer.TryWrite(message);

    /// <summary>Another node has joined under this one's name and is its successor: it stays cut off for good.</summary>
    public void CutOff()
    {
        IsCutOff = true;
        CutOffChanged?.Invoke(true);
    }

    private async Task TellAsync()
    {
        await foreach (BusMessage message in _heard.Reader.ReadAllAsync())
        {
            Received?.Invoke(message);
        }
    }
}
