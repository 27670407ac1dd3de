using Jstp.Actors.Persistence;

namespace Jstp.TestKit.Persistence;

/// <summary>
/// A membership that can be told that it is cut off: then it drops what is said to it and by it, and says on its return that something may have been
/// missed. Other nodes do not hold it for dead by that; a test that wants that disposes the membership behind it.
/// </summary>
internal sealed class FaultyMembership : INodeMembership, IClusterBus
{
    private readonly INodeMembership _inner;
    private volatile bool _isCutOff;

    public FaultyMembership(INodeMembership inner)
    {
        _inner = inner;
        inner.Bus.Received += Hear;
        inner.Bus.Missed += () => Missed?.Invoke();
        inner.CutOffChanged += isCutOff => CutOffChanged?.Invoke(isCutOff);
    }

    public event Action<bool>? CutOffChanged;

    public event Action<BusMessage>? Received;

    public event Action? Missed;

    public int Number => _inner.Number;

    public string Name => _inner.Name;

    public bool IsCutOff => _isCutOff || _inner.IsCutOff;

    public IClusterBus Bus => this;

    /// <summary>Whether it drops what is said to it, without saying so.</summary>
    public bool IsDeaf { get; set; }

    public void SetCutOff(bool isCutOff)
    {
        if (_isCutOff == isCutOff)
        {
            return;
        }

        _isCutOff = isCutOff;
        CutOffChanged?.Invoke(isCutOff);

        if (!isCutOff)
        {
            Missed?.Invoke();
        }
    }

    public Task SetStateAsync(NodeState state, CancellationToken cancellationToken) => _inner.SetStateAsync(state, cancellationToken);

    public Task<IReadOnlyList<NodeInfo>> GetNodesAsync(CancellationToken cancellationToken) => _inner.GetNodesAsync(cancellationToken);

    public void Publish(int? node, ReadOnlyMemory<byte> text)
    {
        if (!_isCutOff)
        {
            _inner.Bus.Publish(node, text);
        }
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private void Hear(BusMessage message)
    {
        if (!_isCutOff && !IsDeaf)
        {
            Received?.Invoke(message);
        }
    }
}
