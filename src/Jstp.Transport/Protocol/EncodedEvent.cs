using System.Buffers;

namespace Jstp.Transport.Protocol;

/// <summary>
/// An event whose text is ready but for its id: a broadcast encodes once, and each connection adds its own id. Immutable.
/// </summary>
public sealed class EncodedEvent
{
    private readonly byte[] _tail; // everything behind the id

    private EncodedEvent(byte[] tail) => _tail = tail;

    private static ReadOnlySpan<byte> Start => "{event:["u8;

    /// <summary>Encodes an event.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">The arguments: one MDSF array.</param>
    /// <exception cref="ArgumentException">The event is named <c>__proto__</c>, which no JavaScript peer can receive.</exception>
    public static EncodedEvent Create(string interfaceName, string eventName, ReadOnlySpan<byte> arguments)
    {
        var output = new ArrayBufferWriter<byte>();
        JstpMessageWriter.WriteEvent(output, id: 0, interfaceName, eventName, arguments);
        return new EncodedEvent(output.WrittenSpan[(Start.Length + 1)..].ToArray());
    }

    /// <summary>Writes the event with an id.</summary>
    public void WriteTo(IBufferWriter<byte> output, long id)
    {
        JstpMessageWriter.WriteWithId(output, Start, id, default);
        output.Write(_tail);
    }
}
