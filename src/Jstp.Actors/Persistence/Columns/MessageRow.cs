namespace Jstp.Actors.Persistence.Columns;

/// <summary>The stored form of one message, or of several that were written together (<see cref="MessageRows"/>).</summary>
/// <param name="Kind">The message's kind, or <see cref="MessageRows.PackedKind"/>.</param>
/// <param name="Magnitude">The message's magnitude, or that of the last of several: a row is deleted when the client has all of it.</param>
/// <param name="Tail">The message's text, or several messages.</param>
internal readonly record struct MessageRow(short Kind, long Magnitude, ReadOnlyMemory<byte> Tail);
