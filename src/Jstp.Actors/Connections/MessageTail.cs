using System.Buffers;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

/// <summary>
/// Encodes messages to clients up to their id, which only the holder of a session can give. The text behind the id is the same for every client.
/// </summary>
internal static class MessageTail
{
    private const int IdPlaceholder = 0;

    private static readonly MdsfConverter<object?> ArgumentConverter = MdsfSerializer.Default.GetConverter<object?>();

    /// <summary>The text of an event behind its id.</summary>
    /// <exception cref="ArgumentException">The message would be longer than <paramref name="maxLength"/> (protocol page, section 1).</exception>
    public static ReadOnlyMemory<byte> Event(string interfaceName, string eventName, ReadOnlySpan<object?> arguments, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        ArgumentNullException.ThrowIfNull(eventName);
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        var writer = new MdsfWriter(scratch);
        JstpMessageWriter.BeginEvent(ref writer, IdPlaceholder, interfaceName, eventName);
        byte[] tail = End(ref writer, scratch, arguments, "{event:[0"u8, maxLength);
        TextScratch.Return(scratch);

        return tail;
    }

    /// <summary>The text of a call behind its id.</summary>
    /// <exception cref="ArgumentException">The message would be longer than <paramref name="maxLength"/>.</exception>
    public static ReadOnlyMemory<byte> Call(string interfaceName, string methodName, ReadOnlySpan<object?> arguments, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        ArgumentNullException.ThrowIfNull(methodName);
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        var writer = new MdsfWriter(scratch);
        JstpMessageWriter.BeginCall(ref writer, IdPlaceholder, interfaceName, methodName);
        byte[] tail = End(ref writer, scratch, arguments, "{call:[0"u8, maxLength);
        TextScratch.Return(scratch);

        return tail;
    }

    /// <summary>The text of an inspect behind its id.</summary>
    public static ReadOnlyMemory<byte> Inspect(string interfaceName)
    {
        var output = new ArrayBufferWriter<byte>();
        JstpMessageWriter.WriteInspect(output, IdPlaceholder, interfaceName);

        return output.WrittenMemory["{inspect:[0".Length..];
    }

    private static byte[] End(
        ref MdsfWriter writer, ArrayBufferWriter<byte> output, ReadOnlySpan<object?> arguments, ReadOnlySpan<byte> prefix, int maxLength)
    {
        foreach (object? argument in arguments)
        {
            ArgumentConverter.Write(ref writer, argument);
        }

        JstpMessageWriter.EndArguments(ref writer);
        writer.Flush();

        // The id may take 16 digits and a sign where the placeholder takes one digit.
        if (output.WrittenCount + 16 > maxLength)
        {
            throw new ArgumentException($"The message has {output.WrittenCount} bytes, more than the {maxLength} that a client would take.", nameof(arguments));
        }

        return output.WrittenSpan[prefix.Length..].ToArray();
    }
}
