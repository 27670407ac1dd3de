using System.Buffers;

namespace Jstp.Transport.WebSockets;

/// <summary>Writes frames into a buffer. Knows no state: what may be sent when is its caller's business.</summary>
internal static class FrameWriter
{
    /// <summary>Writes one frame; a client's is masked with a fresh key.</summary>
    public static void Write(IBufferWriter<byte> output, WebSocketRole role, byte firstByte, ReadOnlySpan<byte> payload)
    {
        if (role is WebSocketRole.Client)
        {
            WriteMasked(output, firstByte, payload);
            return;
        }

        Span<byte> span = output.GetSpan(FrameHeader.MaxLength);
        int headerLength = FrameHeader.Format(span, firstByte, payload.Length);

        if (payload.Length <= span.Length - headerLength)
        {
            payload.CopyTo(span[headerLength..]);
            output.Advance(headerLength + payload.Length);
            return;
        }

        output.Advance(headerLength);
        output.Write(payload);
    }

    /// <summary>Writes a message in frames of at most the given payload.</summary>
    public static void WriteMessage(IBufferWriter<byte> output, WebSocketRole role, Opcode opcode, ReadOnlySpan<byte> payload, int threshold, bool compressed = false)
    {
        while (payload.Length > threshold)
        {
            Write(output, role, FrameHeader.ComposeFirstByte(opcode, fin: false, compressed), payload[..threshold]);
            payload = payload[threshold..];
            opcode = Opcode.Continuation;
            compressed = false; // RFC 7692, 6.1: only the first frame says it
        }

        Write(output, role, FrameHeader.ComposeFirstByte(opcode, fin: true, compressed), payload);
    }

    /// <summary>Writes one frame whose payload may lie in several pieces.</summary>
    public static void Write(IBufferWriter<byte> output, WebSocketRole role, byte firstByte, in ReadOnlySequence<byte> payload)
    {
        if (payload.IsSingleSegment)
        {
            Write(output, role, firstByte, payload.FirstSpan);
            return;
        }

        bool masked = role is WebSocketRole.Client;
        uint key = masked ? MaskKeySource.Next() : 0;
        output.Advance(FrameHeader.Format(output.GetSpan(FrameHeader.MaxLength), firstByte, payload.Length, masked, key));

        foreach (ReadOnlyMemory<byte> piece in payload)
        {
            key = WritePiece(output, piece.Span, masked, key);
        }
    }

    private static uint WritePiece(IBufferWriter<byte> output, ReadOnlySpan<byte> piece, bool masked, uint key)
    {
        if (!masked)
        {
            output.Write(piece);
            return key;
        }

        while (!piece.IsEmpty)
        {
            Span<byte> span = output.GetSpan();
            int chunk = Math.Min(span.Length, piece.Length);
            Masking.Copy(piece[..chunk], span, key);
            output.Advance(chunk);
            piece = piece[chunk..];
            key = Masking.Advance(key, chunk);
        }

        return key;
    }

    private static void WriteMasked(IBufferWriter<byte> output, byte firstByte, ReadOnlySpan<byte> payload)
    {
        uint key = MaskKeySource.Next();
        output.Advance(FrameHeader.Format(output.GetSpan(FrameHeader.MaxLength), firstByte, payload.Length, masked: true, key));
        WritePiece(output, payload, masked: true, key);
    }
}
