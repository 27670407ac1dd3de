namespace Jstp.Actors.Persistence;

/// <summary>Which message of a session an event was, in the hands of a node that has lost the session before it knew whether the message was written.</summary>
/// <param name="Epoch">The epoch under which the node owned the session.</param>
/// <param name="Magnitude">The absolute value of the message's id.</param>
public readonly record struct MessageOrigin(long Epoch, long Magnitude);
