using System.Buffers;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketProtocol
{
    private long MaxFrameLength => Math.Min(_options.MaxReceivedFrameSize, Array.MaxLength);

    private long MaxMessageLength => Math.Min(_options.MaxReceivedMessageSize ?? Array.MaxLength, Array.MaxLength);

    /// <summary>What forbids a frame, seen from its header alone; <see langword="null"/> when nothing does.</summary>
    private ProtocolViolation? Check(in FrameHeader header) => CheckStart(header) ?? CheckLength(header);

    /// <summary>The rules that the first two bytes decide.</summary>
    private ProtocolViolation? CheckStart(in FrameHeader header)
    {
        // RFC 7692, 6: RSV1 belongs to the first frame of a message, and to none else.
        bool mayBeCompressed = _compression is not null && header.Opcode is (Opcode.Text or Opcode.Binary);

        if (header.Reserved != 0 && !(mayBeCompressed && header.Reserved == FrameHeader.CompressedMark))
        {
            return ProtocolViolation.ReservedBits;
        }

        ProtocolViolation? violation = header.IsControl ? CheckControlStart(header) : CheckDataStart(header);

        if (violation is not null)
        {
            return violation;
        }

        // RFC 6455, 5.1: either end closes the connection when masking is not as it must be.
        bool mustBeMasked = _role is WebSocketRole.Server;
        return header.IsMasked == mustBeMasked ? null : mustBeMasked ? ProtocolViolation.UnmaskedFrame : ProtocolViolation.MaskedFrame;
    }

    private static ProtocolViolation? CheckControlStart(in FrameHeader header) => header switch
    {
        { Opcode: not (Opcode.Close or Opcode.Ping or Opcode.Pong) } => ProtocolViolation.ReservedOpcode,
        { Fin: false } => ProtocolViolation.FragmentedControlFrame, // RFC 6455, 5.5
        { PayloadLength: > FrameHeader.MaxControlPayloadLength } => ProtocolViolation.LongControlFrame,
        _ => null,
    };

    private ProtocolViolation? CheckDataStart(in FrameHeader header)
    {
        bool inMessage = _messageOpcode is not Opcode.Continuation;

        // RFC 6455, 5.4: fragments of one message are not interleaved with another.
        return header.Opcode switch
        {
            Opcode.Continuation => inMessage ? null : ProtocolViolation.UnexpectedContinuation,
            not (Opcode.Text or Opcode.Binary) => ProtocolViolation.ReservedOpcode,
            _ when inMessage => ProtocolViolation.ExpectedContinuation,
            Opcode.Text when !_options.AcceptText => ProtocolViolation.TextNotAccepted,
            Opcode.Binary when !_options.AcceptBinary => ProtocolViolation.BinaryNotAccepted,
            _ => null,
        };
    }

    private ProtocolViolation? CheckLength(in FrameHeader header)
    {
        if (header.PayloadLength > MaxFrameLength)
        {
            return ProtocolViolation.FrameTooLarge(header.PayloadLength, MaxFrameLength);
        }

        if (header.IsControl || State is not WebSocketConnectionState.Open)
        {
            return null;
        }

        // In frame mode without a message limit only single frames are held.
        bool limited = _options.AssembleFragments || _options.MaxReceivedMessageSize is not null;

        if (limited && header.PayloadLength > MaxMessageLength - _messageLength)
        {
            return ProtocolViolation.MessageTooLarge(_messageLength + header.PayloadLength, MaxMessageLength);
        }

        return _fragments >= _options.MaxFragmentsPerMessage ? ProtocolViolation.TooManyFragments : null;
    }

    /// <summary>Refuses a frame whose header is not whole but says enough.</summary>
    private bool RejectIncompleteHeader(ref ReadOnlySequence<byte> input, FrameHeaderStatus status, in FrameHeader known, out WebSocketEvent found)
    {
        found = default;

        if (HasFailed)
        {
            _lostFraming = status is FrameHeaderStatus.InvalidLength;
            return _lostFraming;
        }

        ProtocolViolation? violation = null;

        if (input.Length >= 2)
        {
            Span<byte> start = stackalloc byte[2];
            input.Slice(0, 2).CopyTo(start);
            violation = CheckStart(FrameHeader.FromStart(start));
        }

        violation ??= status is FrameHeaderStatus.InvalidLength ? ProtocolViolation.InvalidLength
            : known.Length > 0 ? CheckLength(known)
            : null;

        if (violation is not null)
        {
            found = Fail(violation);
        }

        return false;
    }
}
