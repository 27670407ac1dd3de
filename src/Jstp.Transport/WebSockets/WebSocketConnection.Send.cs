using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketConnection
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Sends a text message; completes when it is flushed. Messages of concurrent calls go out whole, in the order of the calls.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Withdraws the message as long as none of it was written; later it is ignored.</param>
    /// <exception cref="ArgumentException">The text holds an unpaired surrogate.</exception>
    /// <exception cref="InvalidOperationException">The connection is closing or closed. Nothing was written.</exception>
    /// <exception cref="WebSocketClosedException">The connection ended under the send.</exception>
    /// <exception cref="WebSocketBacklogException">The message was not sent because of <see cref="WebSocketServerOptions.SlowConsumerPolicy"/>.</exception>
    public ValueTask SendTextAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);

        int length = StrictUtf8.GetByteCount(text);
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(length);
        StrictUtf8.GetBytes(text, utf8);
        ValueTask sent = SendTextAsync(utf8.AsMemory(0, length), cancellationToken);

        if (sent.IsCompletedSuccessfully)
        {
            ArrayPool<byte>.Shared.Return(utf8);
            return default;
        }

        return ReturnAfterAsync(sent, utf8);
    }

    /// <summary>Sends a text message that is UTF-8 already, for which the caller vouches. The memory must stay as it is until the task completes.</summary>
    /// <inheritdoc cref="SendTextAsync(string, CancellationToken)"/>
    public ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken = default)
        => SendAsync(WebSocketMessageType.Text, utf8, cancellationToken);

    /// <summary>Sends a binary message. The memory must stay as it is until the task completes.</summary>
    /// <inheritdoc cref="SendTextAsync(string, CancellationToken)"/>
    public ValueTask SendBinaryAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
        => SendAsync(WebSocketMessageType.Binary, payload, cancellationToken);

    /// <inheritdoc cref="SendBinaryAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask SendBinaryAsync(ReadOnlySequence<byte> payload, CancellationToken cancellationToken = default)
        => payload.IsSingleSegment
            ? SendAsync(WebSocketMessageType.Binary, payload.First, cancellationToken)
            : _sender.EnqueueAsync(new MessageOperation(Opcode.Binary, payload, _server.FragmentLength, _deflater), cancellationToken);

    /// <summary>Sends a message as text.</summary>
    /// <inheritdoc cref="SendTextAsync(string, CancellationToken)"/>
    public ValueTask SendAsync(string text, CancellationToken cancellationToken = default) => SendTextAsync(text, cancellationToken);

    /// <summary>Sends a message as bytes.</summary>
    /// <inheritdoc cref="SendBinaryAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) => SendBinaryAsync(payload, cancellationToken);

    /// <summary>Sends a message of either type. The memory must stay as it is until the task completes.</summary>
    /// <inheritdoc cref="SendTextAsync(string, CancellationToken)"/>
    public ValueTask SendAsync(WebSocketMessageType type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Opcode opcode = WebSocketProtocol.ToOpcode(type);

        // Longer ones are flushed in between, so that control frames can overtake.
        if (payload.Length <= WebSocketSender.HighWaterMark
            && (_deflater is null || payload.Length < _deflater.Threshold)
            && _sender.TrySend(opcode, payload.Span, _server.FragmentLength, out ValueTask flushed))
        {
            return flushed;
        }

        return _sender.EnqueueAsync(new MessageOperation(opcode, new ReadOnlySequence<byte>(payload), _server.FragmentLength, _deflater), cancellationToken);
    }

    /// <summary>Sends one frame to the caller's wish; sequence and content are the caller's business.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="allowReservedBits">Whether reserved bits may be set.</param>
    /// <param name="cancellationToken">Withdraws the frame as long as it was not written.</param>
    /// <exception cref="ArgumentException">The frame is a Close, a control frame that breaks RFC 6455, or sets reserved bits without being allowed to.</exception>
    public ValueTask SendFrameAsync(WebSocketFrame frame, bool allowReservedBits = false, CancellationToken cancellationToken = default)
    {
        bool isControl = FrameHeader.IsControlOpcode(frame.Opcode);

        if (isControl && (!frame.Fin || frame.Payload.Length > FrameHeader.MaxControlPayloadLength || frame.Opcode is Opcode.Close))
        {
            throw new ArgumentException("A control frame is whole and has at most 125 bytes; to close, use CloseAsync.", nameof(frame));
        }

        if (frame.Reserved is < 0 or > 7 || (frame.Reserved != 0 && !allowReservedBits))
        {
            throw new ArgumentException("Reserved bits are set.", nameof(frame));
        }

        byte firstByte = (byte)(FrameHeader.ComposeFirstByte(frame.Opcode, frame.Fin) | (frame.Reserved << 4));

        return SendEncodedAsync(Encode(firstByte, frame.Payload.Span), cancellationToken);
    }

    /// <summary>Completes when nothing waits to be sent any more.</summary>
    public Task WaitForDrainAsync() => _sender.WaitForDrainAsync();

    /// <summary>Sends frames that were encoded beforehand; their memory may be shared between connections.</summary>
    internal ValueTask SendEncodedAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken)
        => _sender.EnqueueAsync(new EncodedOperation(frames), cancellationToken);

    /// <summary>Encodes text, refusing what has no encoding.</summary>
    internal static byte[] EncodeText(string text) => StrictUtf8.GetBytes(text);

    /// <summary>Encodes a message into frames that any number of connections can send.</summary>
    internal static ReadOnlyMemory<byte> EncodeMessage(WebSocketMessageType type, ReadOnlyMemory<byte> payload, int threshold, MessageDeflater? deflater)
    {
        var writer = new ArrayBufferWriter<byte>(FrameHeader.MaxLength + payload.Length);
        var operation = new MessageOperation(WebSocketProtocol.ToOpcode(type), new ReadOnlySequence<byte>(payload), threshold, deflater);

        while (!operation.WriteNext(writer))
        {
            // One frame after the other.
        }

        return writer.WrittenMemory;
    }

    /// <summary>Sends frames that were encoded for many, with every failure in the task.</summary>
    internal async Task BroadcastAsync(BroadcastFrames frames, CancellationToken cancellationToken)
        => await SendEncodedAsync(frames.For(_deflater), cancellationToken);

    private static async ValueTask ReturnAfterAsync(ValueTask sent, byte[] rented)
    {
        await sent; // when it fails the array may still be in use, and is left to the collector
        ArrayPool<byte>.Shared.Return(rented);
    }

    private ValueTask SendControlAsync(Opcode opcode, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (payload.Length > FrameHeader.MaxControlPayloadLength)
        {
            throw new ArgumentException($"A control frame has at most {FrameHeader.MaxControlPayloadLength} bytes.", nameof(payload));
        }

        cancellationToken.ThrowIfCancellationRequested();

        return _sender.SendControlAsync(opcode, payload.Span);
    }

    private static byte[] Encode(byte firstByte, ReadOnlySpan<byte> payload)
    {
        var writer = new ArrayBufferWriter<byte>(FrameHeader.MaxLength + payload.Length);
        FrameWriter.Write(writer, WebSocketRole.Server, firstByte, payload);
        return writer.WrittenSpan.ToArray();
    }
}
