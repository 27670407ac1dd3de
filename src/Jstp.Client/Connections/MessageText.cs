using System.Buffers;
using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Connections;

/// <summary>
/// Makes messages up to their id, which the session gives only when their turn has come. So arguments are converted outside of its lock, and those that
/// cannot be converted use up no id.
/// </summary>
internal static class MessageText
{
    private const int IdPlaceholder = 0;
    private const int MaxIdGrowth = 16; // digits beyond the placeholder's

    public static ReadOnlySpan<byte> CallPrefix => "{call:["u8;

    public static ReadOnlySpan<byte> EventPrefix => "{event:["u8;

    public static ReadOnlySpan<byte> InspectPrefix => "{inspect:["u8;

    /// <summary>Makes a call; the text behind the id begins behind <see cref="CallPrefix"/> and one digit.</summary>
    /// <exception cref="ArgumentException">The message is too long, or a name impossible.</exception>
    public static void WriteCall<TState>(
        ArrayBufferWriter<byte> output, string interfaceName, string methodName, TState state, JstpArgumentsWriter<TState> write, int maxLength)
        where TState : allows ref struct
    {
        var writer = new MdsfWriter(output);
        JstpMessageWriter.BeginCall(ref writer, IdPlaceholder, interfaceName, methodName);
        End(ref writer, output, state, write, maxLength);
    }

    /// <summary>Makes an event; the text behind the id begins behind <see cref="EventPrefix"/> and one digit.</summary>
    /// <exception cref="ArgumentException">The message is too long, or a name impossible.</exception>
    public static void WriteEvent<TState>(
        ArrayBufferWriter<byte> output, string interfaceName, string eventName, TState state, JstpArgumentsWriter<TState> write, int maxLength)
        where TState : allows ref struct
    {
        var writer = new MdsfWriter(output);
        JstpMessageWriter.BeginEvent(ref writer, IdPlaceholder, interfaceName, eventName);
        End(ref writer, output, state, write, maxLength);
    }

    /// <summary>Makes an inspect; the text behind the id begins behind <see cref="InspectPrefix"/> and one digit.</summary>
    public static void WriteInspect(ArrayBufferWriter<byte> output, string interfaceName) =>
        JstpMessageWriter.WriteInspect(output, IdPlaceholder, interfaceName);

    /// <summary>The text behind the id.</summary>
    public static ReadOnlySpan<byte> TailOf(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> prefix) => output.WrittenSpan[(prefix.Length + 1)..];

    private static void End<TState>(
        ref MdsfWriter writer, ArrayBufferWriter<byte> output, TState state, JstpArgumentsWriter<TState> write, int maxLength)
        where TState : allows ref struct
    {
        write(ref writer, state);
        JstpMessageWriter.EndArguments(ref writer);
        writer.Flush();

        // A message that the server refuses would be sent again for ever (protocol page, section 1).
        if (output.WrittenCount + MaxIdGrowth > maxLength)
        {
            throw new ArgumentException($"The message has {output.WrittenCount} bytes, more than the {maxLength} of {nameof(JstpClientOptions.MaxMessageSize)}.");
        }
    }
}
