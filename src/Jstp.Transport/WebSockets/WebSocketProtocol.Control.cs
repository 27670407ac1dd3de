using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketProtocol
{
    private const int FloodFactor = 10;

    private long _controlSecondStart;
    private int _controlFrames;
    private bool _isWithinRate;
    private byte[]? _deferredPong; // [0] is the length; null until a peer first exceeds its pings

    /// <summary>Takes a control frame once it is whole: it is at most 125 bytes long, so waiting for it holds nothing up.</summary>
    private bool ReadControlFrame(ref ReadOnlySequence<byte> input, in FrameHeader header, ref WebSocketEvent found)
    {
        if (HasFailed && (found.Type is WebSocketEventType.Failed || header.PayloadLength > FrameHeader.MaxControlPayloadLength))
        {
            input = input.Slice(header.Length);
            BeginPayload(header);
            return true;
        }

        if (input.Length < header.Length + header.PayloadLength)
        {
            return false;
        }

        ReadOnlyMemory<byte> payload = TakeControlPayload(ref input, header);
        found = header.Opcode is Opcode.Close ? OnPeerClose(header, payload) : OnPingOrPong(header, payload);
        return true;
    }

    private static ReadOnlyMemory<byte> TakeControlPayload(ref ReadOnlySequence<byte> input, in FrameHeader header)
    {
        ReadOnlySequence<byte> source = input.Slice(header.Length, header.PayloadLength);
        ReadOnlyMemory<byte> payload = source.IsSingleSegment ? source.First : source.ToArray();
        Masking.Apply(MemoryMarshal.AsMemory(payload).Span, header.MaskKey);
        input = input.Slice(source.End);
        return payload;
    }

    private WebSocketEvent OnPingOrPong(in FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        if (State is not WebSocketConnectionState.Open)
        {
            return default; // RFC 6455, 5.5.1: after our Close nothing more is sent
        }

        bool withinRate = CountControlFrame(out bool flood);

        if (flood)
        {
            return Fail(ProtocolViolation.TooManyControlFrames);
        }

        _isWithinRate = withinRate;

        if (header.Opcode is Opcode.Ping && AutomaticPong)
        {
            AnswerPing(payload.Span);
        }

        WebSocketEventType type = header.Opcode is Opcode.Ping ? WebSocketEventType.Ping : WebSocketEventType.Pong;

        return DeliverControl(type, header, payload);
    }

    private WebSocketEvent DeliverControl(WebSocketEventType type, in FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        var control = new WebSocketEvent(type, header.FirstByte, payload);

        if (_options.AssembleFragments)
        {
            return control;
        }

        _follower = control;
        return new WebSocketEvent(WebSocketEventType.Frame, header.FirstByte, payload);
    }

    /// <summary>Whether the frame is within the rate; a flood is ten times the rate.</summary>
    private bool CountControlFrame(out bool flood)
    {
        flood = false;

        if (_options.MaxControlFramesPerSecond is not { } limit)
        {
            return true;
        }

        TimeProvider clock = _options.TimeProvider;
        long now = clock.GetTimestamp();

        if (_controlFrames == 0 || now - _controlSecondStart >= clock.TimestampFrequency)
        {
            _controlSecondStart = now;
            _controlFrames = 0;
        }

        _controlFrames++;
        flood = _controlFrames > (long)limit * FloodFactor;
        return _controlFrames <= limit;
    }

    /// <summary>Answers the ping that was read last, or puts it off if there are too many.</summary>
    internal void AnswerPing(ReadOnlySpan<byte> ping)
    {
        if (State is not WebSocketConnectionState.Open)
        {
            return;
        }

        if (_isWithinRate)
        {
            WriteControl(Opcode.Pong, ping);
            return;
        }

        _deferredPong ??= new byte[1 + FrameHeader.MaxControlPayloadLength];
        _deferredPong[0] = (byte)(ping.Length | 0x80);
        ping.CopyTo(_deferredPong.AsSpan(1));
    }

    private void WriteDeferredPong()
    {
        if (_deferredPong is { } pong && pong[0] != 0)
        {
            int length = pong[0] & 0x7F;
            pong[0] = 0;

            if (State is WebSocketConnectionState.Open)
            {
                WriteControl(Opcode.Pong, pong.AsSpan(1, length));
            }
        }
    }

    /// <summary>The closing matrix of the specification page, 5.2 and 6.</summary>
    private WebSocketEvent OnPeerClose(in FrameHeader header, ReadOnlyMemory<byte> body)
    {
        ReadOnlySpan<byte> payload = body.Span;

        if (payload.Length >= sizeof(ushort))
        {
            PeerCloseCode = (WebSocketCloseStatus)BinaryPrimitives.ReadUInt16BigEndian(payload);
        }

        if (State is WebSocketConnectionState.Open)
        {
            if (CheckClose(payload) is { } violation)
            {
                PeerClosed = true;
                return Fail(violation);
            }

            _reportedPeerCode = PeerCloseCode ?? WebSocketCloseStatus.Empty;
            _closeDescription = payload.Length > sizeof(ushort) ? Encoding.UTF8.GetString(payload[sizeof(ushort)..]) : "";

            // RFC 6455, 5.5.1: the answer typically repeats the code. The reason is the peer's own, so it is not repeated.
            WriteControl(Opcode.Close, payload[..Math.Min(sizeof(ushort), payload.Length)]);
            State = WebSocketConnectionState.CloseReceived;
        }
        else
        {
            State = WebSocketConnectionState.Closed;
        }

        PeerClosed = true;
        return DeliverControl(WebSocketEventType.Close, header, body);
    }

    private ProtocolViolation? CheckClose(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 1)
        {
            return ProtocolViolation.CloseOfOneByte;
        }

        if (PeerCloseCode is { } code && !CloseCode.IsValidOnWire(code))
        {
            return ProtocolViolation.InvalidCloseCode;
        }

        return payload.Length > sizeof(ushort) && !Utf8.IsValid(payload[sizeof(ushort)..]) ? ProtocolViolation.InvalidCloseReason : null;
    }

    private WebSocketEvent Fail(ProtocolViolation violation)
    {
        HasFailed = true;
        DropMessage();

        if (State is WebSocketConnectionState.Open)
        {
            WriteCloseFrame(violation.Code, violation.Text);
        }

        return new WebSocketEvent(WebSocketEventType.Failed, 0, default);
    }
}
