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

    private static void WriteMasked(IBufferWriter<byte> output, byte firstByte, ReadOnlySpan<byte> payload)
    {
        uint key = MaskKeySource.Next();
        Span<byte> span = output.GetSpan(FrameHeader.MaxLength);
        int headerLength = FrameHeader.Format(span, firstByte, payload.Length, masked: true, key);
        span = span[headerLength..];
        int unadvanced = headerLength;

        while (true)
        {
            int chunk = Math.Min(span.Length, payload.Length);
            Masking.Copy(payload[..chunk], span, key);
            output.Advance(unadvanced + chunk);
            payload = payload[chunk..];

            if (payload.IsEmpty)
            {
                return;
            }

            key = Masking.Advance(key, chunk);
            span = output.GetSpan();
            unadvanced = 0;
        }
    }
}
