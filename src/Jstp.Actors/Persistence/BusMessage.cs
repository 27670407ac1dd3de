namespace Jstp.Actors.Persistence;

/// <summary>What one node has said to another.</summary>
/// <param name="Sender">The number of the node that said it.</param>
/// <param name="Text">UTF-8.</param>
public readonly record struct BusMessage(int Sender, ReadOnlyMemory<byte> Text);
