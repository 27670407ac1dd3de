using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Text;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketProtocol
{
    /// <summary>Bytes of a close reason at most: a control frame's payload without the code.</summary>
    public const int MaxCloseReasonLength = FrameHeader.MaxControlPayloadLength - sizeof(ushort);

    /// <summary>Writes a message, in frames of at most <see cref="WebSocketProtocolOptions.FragmentationThreshold"/> bytes of payload.</summary>
    /// <param name="type">Text, whose payload the caller vouches to be UTF-8, or binary.</param>
    /// <param name="payload">The message.</param>
    /// <exception cref="InvalidOperationException">The connection is not open. Nothing was written.</exception>
    public void WriteMessage(WebSocketMessageType type, ReadOnlySpan<byte> payload)
    {
        EnsureOpen();

        Opcode opcode = ToOpcode(type);

        if (_compression is { Deflater: { } deflater } && payload.Length >= deflater.Threshold)
        {
            WriteCompressed(deflater, opcode, payload);
            return;
        }

        WriteFragments(opcode, payload, compressed: false);
    }

    /// <summary>Writes a ping.</summary>
    /// <exception cref="ArgumentException">The payload is longer than 125 bytes.</exception>
    /// <exception cref="InvalidOperationException">The connection is not open. Nothing was written.</exception>
    public void WritePing(ReadOnlySpan<byte> payload = default) => WriteCheckedControl(Opcode.Ping, payload);

    /// <summary>Writes a pong, asked for or not.</summary>
    /// <exception cref="ArgumentException">The payload is longer than 125 bytes.</exception>
    /// <exception cref="InvalidOperationException">The connection is not open. Nothing was written.</exception>
    public void WritePong(ReadOnlySpan<byte> payload = default) => WriteCheckedControl(Opcode.Pong, payload);

    /// <summary>Writes our Close and begins the closing handshake. Does nothing when a close is under way already.</summary>
    /// <param name="code">A code that may be sent; see <see cref="CloseCode.IsValidOnWire"/>.</param>
    /// <param name="reason">At most 123 bytes of UTF-8; <see langword="null"/> is the standard text of the code, "" is none.</param>
    /// <exception cref="ArgumentException">The code may not be sent, or the reason is too long or holds an unpaired surrogate.</exception>
    public void WriteClose(WebSocketCloseStatus code, string? reason = null)
    {
        ValidateClose(code, ref reason);

        if (State is WebSocketConnectionState.Open)
        {
            WriteCloseFrame(code, reason);
        }
    }

    /// <summary>Checks the arguments of a close, and puts the standard text in the place of a missing one.</summary>
    internal static void ValidateClose(WebSocketCloseStatus code, [NotNull] ref string? reason)
    {
        if (!CloseCode.IsValidOnWire(code))
        {
            throw new ArgumentOutOfRangeException(nameof(code), code, "This close code may not be sent.");
        }

        reason ??= CloseCode.GetDescription(code);

        if (StrictUtf8.GetByteCount(reason) > MaxCloseReasonLength)
        {
            throw new ArgumentException($"A close reason has at most {MaxCloseReasonLength} bytes.", nameof(reason));
        }
    }

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static Opcode ToOpcode(WebSocketMessageType type) => type switch
    {
        WebSocketMessageType.Text => Opcode.Text,
        WebSocketMessageType.Binary => Opcode.Binary,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A message is text or binary."),
    };

    private void WriteCompressed(MessageDeflater deflater, Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var compressed = default(PooledBuffer);
        deflater.Compress(payload, ref compressed);

        // What did not get smaller goes as it is, unless the peer needs it to follow our context.
        bool worthIt = deflater.KeepsContext || compressed.Length < payload.Length;
        WriteFragments(opcode, worthIt ? compressed.Memory.Span : payload, worthIt);
        compressed.Clear();
    }

    private void WriteFragments(Opcode opcode, ReadOnlySpan<byte> payload, bool compressed)
    {
        int threshold = _options.FragmentOutgoingMessages ? _options.FragmentationThreshold : int.MaxValue;

        FrameWriter.WriteMessage(_output, _role, opcode, payload, threshold, compressed);
    }

    private void WriteCloseFrame(WebSocketCloseStatus code, string reason)
    {
        Span<byte> payload = stackalloc byte[FrameHeader.MaxControlPayloadLength];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        int length = sizeof(ushort) + StrictUtf8.GetBytes(reason, payload[sizeof(ushort)..]);

        WriteControl(Opcode.Close, payload[..length]);

        State = WebSocketConnectionState.CloseSent;
        _ownCloseCode = code;
        _closeDescription = reason;
    }

    private void WriteCheckedControl(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > FrameHeader.MaxControlPayloadLength)
        {
            throw new ArgumentException($"A control frame has at most {FrameHeader.MaxControlPayloadLength} bytes.", nameof(payload));
        }

        EnsureOpen();
        WriteControl(opcode, payload);
    }

    private void WriteControl(Opcode opcode, ReadOnlySpan<byte> payload)
        => FrameWriter.Write(_output, _role, FrameHeader.ComposeFirstByte(opcode, fin: true), payload);

    private void EnsureOpen()
    {
        if (State is not WebSocketConnectionState.Open)
        {
            throw new InvalidOperationException($"The connection is {State}; nothing can be sent.");
        }
    }
}
