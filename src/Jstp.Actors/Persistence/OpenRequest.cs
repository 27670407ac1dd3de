namespace Jstp.Actors.Persistence;

/// <summary>A call that was received and not answered, or an event that was received and not handled.</summary>
/// <param name="Id">The id of the message, as it came.</param>
/// <param name="IsCall">Whether the client waits for an answer.</param>
/// <param name="Text">The message, where it may be executed again after the death of a node; empty where it may not.</param>
public readonly record struct OpenRequest(long Id, bool IsCall, ReadOnlyMemory<byte> Text);
