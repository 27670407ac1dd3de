using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;

namespace Jstp.Actors.Sessions;

/// <summary>
/// A message to the client, kept until it is acknowledged. Only the id is its own: the text behind the id may be shared with the messages of
/// other sessions, so that a broadcast is encoded once and held once; and it may be a part of an array that holds more of the session's texts.
/// </summary>
/// <param name="Kind">What the message is.</param>
/// <param name="Magnitude">The absolute value of its id; the id on the wire is negative.</param>
/// <param name="Tail">The text behind the id, from the comma to the closing brace.</param>
public readonly record struct OutgoingMessage(OutgoingKind Kind, long Magnitude, ReadOnlyMemory<byte> Tail)
{
    private const int MaxIdLength = 20;

    /// <summary>
    /// Whether the message is an event that others have left in the store. It is there until the session has it, in the transaction that gives it to the
    /// session; so it must not be left again, whatever became of that transaction.
    /// </summary>
    internal bool IsPost { get; init; }

    /// <summary>How many bytes the message has at most.</summary>
    internal int MaxLength => Prefix(Kind).Length + MaxIdLength + Tail.Length;

    /// <summary>Appends the text of the message.</summary>
    internal void WriteTo(IBufferWriter<byte> output)
    {
        Span<byte> span = output.GetSpan(MaxLength);
        ReadOnlySpan<byte> prefix = Prefix(Kind);
        prefix.CopyTo(span);
        bool formatted = Utf8Formatter.TryFormat(-Magnitude, span[prefix.Length..], out int idLength);
        Debug.Assert(formatted, "An id has at most 20 characters.");
        int length = prefix.Length + idLength;
        Tail.Span.CopyTo(span[length..]);
        output.Advance(length + Tail.Length);
    }

    /// <summary>The text of a message of this kind up to its id.</summary>
    internal static ReadOnlySpan<byte> Prefix(OutgoingKind kind) => kind switch
    {
        OutgoingKind.Call => "{call:["u8,
        OutgoingKind.Event => "{event:["u8,
        OutgoingKind.Inspect => "{inspect:["u8,
        _ => throw new UnreachableException($"No message is of kind {kind}."),
    };
}
