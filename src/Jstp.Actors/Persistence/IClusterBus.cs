namespace Jstp.Actors.Persistence;

/// <summary>
/// Carries short messages between the nodes of a cluster: at most once, in order from one sender. What must not be lost is written to the store first;
/// the message only says that it is there.
/// </summary>
public interface IClusterBus
{
    /// <summary>Raised for every message to this node, one at a time. Handlers must be quick. A node does not hear what it says to all.</summary>
    event Action<BusMessage>? Received;

    /// <summary>Raised when messages may have been missed: the node looks into the store for whatever concerns it.</summary>
    event Action? Missed;

    /// <summary>Says something to one node, or to all others. While the store cannot be reached it is dropped, and counted.</summary>
    /// <param name="node">The number of the node; null for all others.</param>
    /// <param name="text">UTF-8 without zero bytes, of any length.</param>
    void Publish(int? node, ReadOnlyMemory<byte> text);
}
