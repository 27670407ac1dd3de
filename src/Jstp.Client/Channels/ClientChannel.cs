using System.Buffers;
using System.IO.Pipelines;
using Jstp.Transport.Channels;

namespace Jstp.Client.Channels;

/// <summary>
/// A transport that carries JSTP messages: frames of a WebSocket, or texts between zero bytes. One reader and one writer may use it at a time, each from
/// any thread: reading touches the input only, and hands what the transport itself wants to answer to the writer as <see cref="TakeReplies"/>.
/// </summary>
internal abstract class ClientChannel
{
    /// <summary>The received bytes.</summary>
    public abstract PipeReader Input { get; }

    /// <summary>Where to send.</summary>
    public abstract PipeWriter Output { get; }

    /// <summary>Takes the next thing out of the input. Whatever the server sent, it does not throw. For the reader.</summary>
    public abstract ChannelEvent Read(ref ReadOnlySequence<byte> input);

    /// <summary>Bytes that reading wants sent, such as the answer to a WebSocket ping; valid until the next <see cref="Read"/>. Often none. For the reader.</summary>
    public abstract ReadOnlySpan<byte> TakeReplies();

    /// <summary>Writes one message to the output, not flushed. For the writer.</summary>
    public abstract void Write(ReadOnlySpan<byte> text);

    /// <summary>Sends what ends our direction; nothing is written after it. The server's end is then to be read. For the writer.</summary>
    /// <exception cref="IOException">The transport has failed.</exception>
    public abstract ValueTask EndOutputAsync(ChannelClose reason);

    /// <summary>Ends the channel in order, waiting for the server's part at most <paramref name="timeout"/>. Never throws. Nobody reads or writes any more.</summary>
    public abstract ValueTask CloseAsync(ChannelClose reason, TimeSpan timeout, TimeProvider timeProvider);

    /// <summary>Cuts the channel off: a pending read or flush ends. From any thread, more than once.</summary>
    public abstract void Abort();
}
